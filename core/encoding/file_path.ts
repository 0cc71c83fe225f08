import { echo } from "./problem.ts";
import { fail, ok, type Result } from "./result.ts";
import { invisibleCharacter } from "./visible_text.ts";

/** The phrase for a path that tries to leave where it stands. */
export const TRAVERSAL = 'the path has a "." or ".." segment (traversal), expected none';

/** Tells whether a segment means "here" or "one up". */
export function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}

/** What is wrong with the characters of a text, at most one phrase. */
export function characterFlaws(text: string): string[] {
  const invisible = invisibleCharacter(text);
  if (invisible === undefined) return [];
  return [`it has the control or invisible character ${invisible}, expected only visible ones`];
}

/**
 * Brings a path that holds no escapes into its one spelling: in NFC, without `.` and `..`, without empty segments,
 * without `/` at its end.
 *
 * @returns the path, `/` for the root, or a phrase for each rule it breaks
 */
export function cleanPlainPath(text: string): Result<string, readonly string[]> {
  const path = text.normalize("NFC");
  const segments = path.split("/").filter((segment) => segment !== "");
  const flaws = characterFlaws(path);
  if (segments.some(isDots)) flaws.push(TRAVERSAL);
  return flaws.length > 0 ? fail(flaws) : ok(`/${segments.join("/")}`);
}

/**
 * Brings a path of a workspace file, as an agent or a patch writes it, into the spelling that resources have: `\` is
 * read as `/`, nothing is percent-decoded.
 *
 * @param text relative to the workspace
 * @returns the path without a leading `/`, or a phrase for each rule it breaks
 *
 * @example
 * ```ts
 * cleanFilePath("src\\main.ts"); // { ok: true, value: "src/main.ts" }
 * cleanFilePath("../secret"); // { ok: false, reason: [...] }
 * ```
 */
export function cleanFilePath(text: string): Result<string, readonly string[]> {
  const slashed = text.replaceAll("\\", "/");
  if (slashed.startsWith("/")) return fail(["the path is absolute, expected one in the workspace"]);
  const path = cleanPlainPath(slashed);
  if (!path.ok) return path;
  if (path.value === "/") return fail(["the path is empty, expected the path of a file"]);
  const flaws = path.value.split("/").flatMap(fileNameFlaws);
  return flaws.length > 0 ? fail(flaws) : ok(path.value.slice(1));
}

// With or without an extension, and with spaces before it, these open a device on Windows.
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

/** Why a name in a workspace would mean another file on some system; such names are refused on all of them. */
export function fileNameFlaws(segment: string): string[] {
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
