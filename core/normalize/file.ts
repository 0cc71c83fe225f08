import { echo, fail, ok, type Result } from "../encoding/mod.ts";
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
  if (query.length === 0) flaws.push(...path.value.split("/").flatMap(nameFlaws));
  return flaws.length > 0 ? fail(flaws) : ok({ host: "workspace", path: path.value });
}

// With or without an extension, and with spaces before it, these open a device on Windows.
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

function nameFlaws(segment: string): string[] {
  const flaws = [];
  const last = segment.at(-1);
  if (last === "." || last === " ") {
    flaws.push(`"${echo(segment)}" ends in a dot or a space, which Windows drops`);
  }
  const [stem = ""] = segment.split(".", 1);
  if (DEVICE.test(trimEndSpaces(stem))) {
    flaws.push(`"${echo(segment)}" is the name of a device on Windows`);
  }
  if (segment.includes(":")) {
    flaws.push(`"${echo(segment)}" has a ":" (a drive or an alternate stream on Windows)`);
  }
  return flaws;
}

// A regular expression for spaces at the end takes quadratic time on spaces that are not at the end.
function trimEndSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === " ") end--;
  return text.slice(0, end);
}
