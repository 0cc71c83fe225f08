import type { MiddlewareHandler } from "hono";
import { echo } from "../../encoding/mod.ts";
import { type Refusal, refuse } from "../../model/mod.ts";
import { refused } from "../answer.ts";
import type { HttpEnv } from "../route.ts";

/**
 * Judges by which name a browser came here. A page of a stranger can make its own name mean this machine and then talk
 * to us as its own origin; what it cannot do is change the `Host` and `Origin` its requests carry.
 *
 * @param allowed hosts without port, as `gateway.allowed_hosts` lists them; an entry with a port allows that port only
 * @returns a refusal for a request whose `Host` is missing or not listed, or whose `Origin` is there and not listed
 *
 * @example
 * ```ts
 * const judge = judgeHosts(["localhost"]);
 * judge(new Request("http://localhost/", { headers: { host: "localhost:8080" } })); // undefined
 * ```
 */
export function judgeHosts(allowed: readonly string[]): (request: Request) => Refusal | undefined {
  const names = new Set(allowed.map((host) => host.toLowerCase()));
  const isAllowed = (host: string) => {
    const name = host.toLowerCase();
    return names.has(name) || names.has(withoutPort(name));
  };
  return ({ headers }) => {
    const host = headers.get("host");
    if (host === null || !isAllowed(host)) return notAllowed("host", host);
    const origin = headers.get("origin");
    if (origin === null) return undefined;
    const authority = /^https?:\/\/([^/?#@\\]+)$/i.exec(origin)?.[1];
    return authority !== undefined && isAllowed(authority)
      ? undefined
      : notAllowed("origin", origin);
  };
}

/** Keeps out browsers that came under a name that is not listed. */
export function allowedHosts(allowed: readonly string[]): MiddlewareHandler<HttpEnv> {
  const judge = judgeHosts(allowed);
  return async (c, next) => {
    const refusal = judge(c.req.raw);
    if (refusal !== undefined) return refused(refusal);
    await next();
  };
}

function withoutPort(host: string): string {
  return host.replace(/:[0-9]{1,5}$/, "");
}

function notAllowed(what: "host" | "origin", value: string | null): Refusal {
  return refuse(
    "forbidden",
    `Cannot answer ${what} "${
      echo(value ?? "")
    }": it is not listed, expected one of gateway.allowed_hosts`,
  );
}
