import { fail, ok, type Result } from "../encoding/mod.ts";
import { networkHost } from "./host.ts";
import type { Flaws, HostAndPath, RawResource } from "./parts.ts";
import { cleanPath, queryFlaws } from "./path.ts";

/** `url` and custom schemes: a network host and a cleaned path; nothing in front, nothing behind. */
export function normalizeNetwork(raw: RawResource): Result<HostAndPath, Flaws> {
  const host = networkHost(raw.authority);
  const path = cleanPath(raw.rest);
  const query = queryFlaws(raw.rest);
  if (host.ok && path.ok && query.length === 0) return ok({ host: host.value, path: path.value });
  return fail([...host.ok ? [] : [host.reason], ...query, ...path.ok ? [] : path.reason]);
}
