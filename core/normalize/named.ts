import { fail, lowerCase, ok, type Result } from "../encoding/mod.ts";
import { namedHost } from "./host.ts";
import type { Flaws, HostAndPath, RawResource } from "./parts.ts";
import { queryFlaws, singleSegment } from "./path.ts";

/** `repo` (organization and repository) and `secret` (store and id): two names, both lower-cased. */
export function normalizeNamed(raw: RawResource): Result<HostAndPath, Flaws> {
  const host = namedHost(raw.authority);
  const path = singleSegment(raw.rest);
  const query = queryFlaws(raw.rest);
  if (host.ok && path.ok && query.length === 0) {
    return ok({ host: host.value, path: `/${lowerCase(path.value).normalize("NFC")}` });
  }
  return fail([...host.ok ? [] : [host.reason], ...query, ...path.ok ? [] : path.reason]);
}
