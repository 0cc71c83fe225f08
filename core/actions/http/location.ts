import { fail, ok, type Result } from "../../encoding/mod.ts";
import { type Refusal, refuse } from "../../model/mod.ts";

/** Where one request of a chain goes, before it was normalized. */
export interface HopTarget {
  readonly scheme: "https" | "http";
  /** `url://host[:port]/path`, as the normalization of resources wants it. */
  readonly resource: string;
  readonly query: string;
  /** Scheme, host and port, to tell whether the origin changes. */
  readonly origin: string;
}

/**
 * Reads a `Location` header against the URL it came from.
 *
 * @param base the absolute URL of the request that was redirected
 * @returns `execution_error` when it is empty, not a URL, not HTTP, has user information, or leaves https
 */
export function readLocation(location: string, base: string): Result<HopTarget, Refusal> {
  if (location.trim() === "" || location.length > 8_192) {
    return fail(bad("it is empty or too long"));
  }
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    return fail(bad("it is not a URL"));
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail(bad("it is not HTTP"));
  if (url.username !== "" || url.password !== "") return fail(bad("it carries user information"));
  if (base.startsWith("https:") && url.protocol === "http:") {
    return fail(bad("it leads from https to plain http"));
  }
  if (url.port === "80" || url.port === "443") {
    return fail(bad("it names the default port of the other scheme"));
  }
  return ok({
    scheme: url.protocol === "https:" ? "https" : "http",
    resource: `url://${url.host}${url.pathname}`,
    query: url.search.slice(1),
    origin: url.origin,
  });
}

function bad(state: string): Refusal {
  return refuse("execution_error", `Cannot follow the redirect: ${state}`);
}
