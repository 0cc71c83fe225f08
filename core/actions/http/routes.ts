import { type Refusal, refuse } from "../../model/mod.ts";
import type { UpstreamRoute } from "../ports.ts";

/** What is matched against the configured routes. */
export interface RouteTarget {
  readonly scheme: "https" | "http";
  /** As a normalized resource writes it, with a port that is not the default. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

/**
 * Refuses a request that no configured route covers. Without routes every host is left to the allowlist.
 *
 * @param routes `upstream.routes`
 */
export function refuseUnrouted(
  target: RouteTarget,
  routes: readonly UpstreamRoute[],
): Refusal | undefined {
  if (routes.length === 0 || routes.some((route) => covers(route, target))) return undefined;
  return refuse(
    "route_not_configured",
    `upstream route not configured: Cannot ${target.method} "${target.host}", expected one of upstream.routes`,
  );
}

function covers(route: UpstreamRoute, target: RouteTarget): boolean {
  if (route.scheme !== target.scheme || route.host !== target.host) return false;
  if (route.methods.length > 0 && !route.methods.includes(target.method)) return false;
  const prefix = route.pathPrefix.endsWith("/") ? route.pathPrefix.slice(0, -1) : route.pathPrefix;
  return prefix === "" || target.path === prefix || target.path.startsWith(`${prefix}/`);
}
