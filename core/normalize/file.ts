import { echo, fail, fileNameFlaws, ok, type Result } from "../encoding/mod.ts";
import type { Flaws, HostAndPath, RawResource } from "./parts.ts";
import { cleanPath, queryFlaws } from "./path.ts";

/**
 * `file`: a path below the workspace, `\` read as `/`. Names that mean another file on some system are
 * refused on all of them, so that a rule holds wherever Nomos runs.
 */
export function normalizeFile(raw: RawResource): Result<HostAndPath, Flaws> {
  const flaws: string[] = [];
  if (raw.authority !== "" && raw.authority.toLowerCase() !== "workspace") {
    flaws.push(
      `"${echo(raw.authority)}" stands in the host's place, expected file://workspace/<path>`,
    );
  }
  if (raw.rest === "") flaws.push("the path is missing, expected file://workspace/<path>");
  const query = queryFlaws(raw.rest);
  flaws.push(...query);
  const path = cleanPath(raw.rest);
  if (!path.ok) return fail([...flaws, ...path.reason]);
  if (query.length === 0) flaws.push(...path.value.split("/").flatMap(fileNameFlaws));
  return flaws.length > 0 ? fail(flaws) : ok({ host: "workspace", path: path.value });
}
