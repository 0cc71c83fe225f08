import {
  decodeOutput,
  echo,
  fail,
  isJsonObject,
  type JsonObject,
  ok,
  type Problem,
  type Result,
  toWirePath,
} from "../encoding/mod.ts";
import { type Facets, type Refusal, refuse, type Terms } from "../model/mod.ts";
import type { WireResponse } from "../ports/mod.ts";
import type { ActionType } from "./action_type.ts";
import { Executed } from "./executed.ts";
import { checkedAddresses, tookTooLong } from "./http/connect.ts";
import {
  headerFlaw,
  type HeaderList,
  headerValue,
  isCredentialHeader,
  withoutBodyHeaders,
  withoutCredentials,
} from "./http/headers.ts";
import { readLocation } from "./http/location.ts";
import { refuseUnrouted } from "./http/routes.ts";
import { ParamReader } from "./params.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts, AuthorizedHop } from "./ports.ts";

/** What an HTTP request is made of, besides its resource. */
export interface HttpRequestParams {
  /** Upper case. */
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | undefined;
  /** Appended as it is, without the question mark. */
  readonly query: string;
  readonly scheme: "https" | "http";
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** What may stand in a query without breaking the request line. */
const QUERY = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%[\]|^{}"`\\]*$/;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** An executor keeps this much more than the cap, so that redaction sees what follows. */
const MARGIN_BYTES = 65_536;
const DEFAULT_HOPS = 3;

const NO_REDIRECTS =
  "Cannot follow the redirect: redirects are not allowed here; a rule allows them with http_redirects: true";

/** One request of the chain. */
interface Hop {
  readonly scheme: "https" | "http";
  readonly target: Pick<AuthorizedHop, "resource">;
  readonly query: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | undefined;
}

/** `net.http_request`: sends one HTTP request to the host the resource names. */
export const netHttpRequest: ActionType<HttpRequestParams, undefined> = {
  name: "net.http_request",
  summary: "Sends an HTTP request to an allowlisted host and returns the status and body.",
  schemes: ["url"],
  risk: ["risk.net"],
  runtimeChecks: ["resolved_addresses", "redirect_hops", "response"],
  execution: "nomos",
  tool: {
    name: "nomos_http_request",
    alias: "http_request",
    title: "HTTP request",
    description: "Send an HTTP request to an allowlisted host. The resource is url://host/path.",
    readOnly: false,
    destructive: true,
    openWorld: true,
  },
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    properties: {
      method: { type: "string", enum: METHODS, default: "GET", description: "Any case." },
      headers: {
        type: "object",
        additionalProperties: { type: "string" },
        description: "Host, Content-Length and hop-by-hop headers cannot be set.",
      },
      body: { type: "string" },
      query: { type: "string", description: "Appended as it is, without the question mark." },
      scheme: { type: "string", enum: ["https", "http"], default: "https" },
    },
  },
  parse,
  facets,
  forRecord: (params) => {
    const { headers } = params;
    if (!isJsonObject(headers)) return params;
    const shown = Object.entries(headers).map((
      [name, value],
    ) => [name, isCredentialHeader(name) ? "[REDACTED]" : value]);
    return { ...params, headers: Object.fromEntries(shown) };
  },
  beforehand: ({ params, facts, settings }) => {
    const { http } = facts.facets;
    return http &&
      refuseUnrouted(
        { ...http, host: hostOf(facts.resource), method: params.method },
        settings.upstreamRoutes,
      );
  },
  execute,
};

function parse(params: JsonObject): Result<HttpRequestParams, readonly Problem[]> {
  const reader = new ParamReader(params, ["method", "headers", "body", "query", "scheme"]);
  const method = (reader.text("method") ?? "GET").toUpperCase();
  if (!METHODS.some((known) => known === method)) {
    reader.problem("method", `Cannot use "method": expected one of ${METHODS.join(", ")}`);
  }
  const headers = readHeaders(reader);
  const body = reader.text("body");
  const query = reader.text("query") ?? "";
  if (!QUERY.test(query)) {
    reader.problem("query", 'Cannot use "query": it has a character a query must percent-encode');
  }
  const scheme = reader.choice("scheme", ["https", "http"]) ?? "https";
  return reader.finish(() => ({ method, headers, body, query, scheme }));
}

function readHeaders(reader: ParamReader): HeaderList {
  const value = reader.value("headers");
  if (value === undefined) return [];
  if (!isJsonObject(value)) {
    reader.problem("headers", 'Cannot use "headers": expected an object of strings');
    return [];
  }
  const headers: [string, string][] = [];
  const seen = new Set<string>();
  for (const [name, text] of Object.entries(value)) {
    const flaw = typeof text !== "string"
      ? "its value is not a string"
      : seen.has(name.toLowerCase())
      ? "it stands twice"
      : headerFlaw(name, text);
    if (flaw) reader.problem("headers", `Cannot set header "${echo(name, 64)}": ${flaw}`);
    else if (typeof text === "string") headers.push([name, text]);
    seen.add(name.toLowerCase());
  }
  return headers;
}

function facets(params: HttpRequestParams, resource: string): Facets {
  const [host, port] = splitHost(hostOf(resource));
  return {
    http: {
      scheme: params.scheme,
      host,
      port: port ?? (params.scheme === "https" ? 443 : 80),
      method: params.method,
      path: pathOf(resource),
    },
  };
}

async function execute(
  permit: Permit<HttpRequestParams>,
  ports: ActionPorts,
): Promise<Result<Executed, Refusal>> {
  const startedAt = ports.clock.monotonic();
  let { terms } = permit;
  let hop: Hop = { ...permit.params, target: { resource: permit.action.facts.resource } };
  let hops = 0;
  for (;;) {
    const answered = await send(hop, permit, ports, startedAt + timeoutOf(terms, ports));
    if (!answered.ok) return answered;
    const next = nextHop(hop, answered.value);
    if (next === undefined) return ok(executedOf(answered.value, { hop, hops, terms }));
    if (!next.ok) return next;
    if (terms.http_redirects !== true) {
      return fail(refuse("net_not_allowlisted", NO_REDIRECTS));
    }
    const limit = terms.http_redirect_hop_limit ?? DEFAULT_HOPS;
    if (++hops > limit) {
      return fail(
        refuse("execution_error", `Cannot follow the redirect: more than ${limit} of them`),
      );
    }
    const { target, ...request } = next.value;
    const authorized = ports.authorizeHop(permit, { ...request, ...target, terms });
    if (!authorized.ok) return authorized;
    terms = authorized.value.terms;
    hop = { ...request, target: authorized.value };
  }
}

async function send(
  hop: Hop,
  permit: Permit<HttpRequestParams>,
  ports: ActionPorts,
  deadline: number,
): Promise<Result<WireResponse, Refusal>> {
  const [host, port] = splitHost(hostOf(hop.target.resource));
  const addresses = await checkedAddresses(host, ports, deadline - ports.clock.monotonic());
  if (!addresses.ok) return addresses;
  const remaining = deadline - ports.clock.monotonic();
  if (remaining <= 0) return fail(tookTooLong(host));
  const query = hop.query === "" ? "" : `?${hop.query}`;
  return await ports.http.send({
    scheme: hop.scheme,
    host,
    port: port ?? (hop.scheme === "https" ? 443 : 80),
    addresses: addresses.value,
    method: hop.method,
    target: toWirePath(pathOf(hop.target.resource)) + query,
    headers: hop.headers,
    ...(hop.body === undefined ? {} : { body: new TextEncoder().encode(hop.body) }),
    timeoutMs: remaining,
    keepBytes: permit.caps.maxBytes + MARGIN_BYTES,
    signal: ports.signal,
  });
}

/** Where a redirect leads; `undefined` when the response is the answer. */
function nextHop(hop: Hop, response: WireResponse): Result<Hop, Refusal> | undefined {
  if (!REDIRECTS.has(response.status)) return undefined;
  const location = headerValue(response.headers, "location");
  if (location === undefined) return undefined;
  const from = `${hop.scheme}://${hostOf(hop.target.resource)}${
    toWirePath(pathOf(hop.target.resource))
  }`;
  const target = readLocation(location, from);
  if (!target.ok) return target;
  const sameOrigin = target.value.origin === new URL(from).origin;
  const keepsMethod = (response.status === 307 || response.status === 308) && sameOrigin;
  const method = keepsMethod || hop.method === "HEAD" ? hop.method : "GET";
  const kept = sameOrigin ? hop.headers : withoutCredentials(hop.headers);
  return ok({
    scheme: target.value.scheme,
    target: { resource: target.value.resource },
    query: target.value.query,
    method,
    headers: keepsMethod ? kept : withoutBodyHeaders(kept),
    body: keepsMethod ? hop.body : undefined,
  });
}

function executedOf(
  response: WireResponse,
  { hop, hops, terms }: { readonly hop: Hop; readonly hops: number; readonly terms: Terms },
): Executed {
  return new Executed({
    terms,
    streams: {
      output: { text: decodeOutput(response.body, { cut: response.cut }), cut: response.cut },
    },
    meta: { status_code: response.status },
    metadata: {
      status_code: response.status,
      truncated: response.cut,
      final_resource: hop.target.resource,
      redirect_hops: hops,
    },
  });
}

function timeoutOf(terms: Terms, ports: ActionPorts): number {
  return Math.min(terms.timeout_ms ?? Infinity, ports.settings.httpTimeoutMs);
}

function hostOf(resource: string): string {
  const start = "url://".length;
  const slash = resource.indexOf("/", start);
  return slash < 0 ? resource.slice(start) : resource.slice(start, slash);
}

function pathOf(resource: string): string {
  const slash = resource.indexOf("/", "url://".length);
  return slash < 0 ? "/" : resource.slice(slash);
}

function splitHost(host: string): [string, number | undefined] {
  const match = /^(.*):([0-9]+)$/.exec(host);
  if (!match || host.endsWith("]")) return [host, undefined];
  return [match[1] ?? host, Number(match[2])];
}
