import { cleanPlainPath, fail, ok, type Result } from "../encoding/mod.ts";
import type { Flaws } from "./parts.ts";

/**
 * Brings a path into its one spelling: percent-decoded once, in NFC, without `.` and `..`, without empty
 * segments, without `/` at its end.
 *
 * INVARIANT: what is still percent-encoded afterwards (`%252e` leaves `%2e`) is literal text; nobody
 * decodes it again.
 *
 * @param raw from the first `/` on, or empty
 * @returns the path, `/` for the root
 */
export function cleanPath(raw: string): Result<string, Flaws> {
  const decoded = percentDecode(raw);
  return decoded.ok ? cleanPlainPath(decoded.value) : decoded;
}

/** A path that has to be one segment; lower-cased names are the caller's business. */
export function singleSegment(raw: string): Result<string, Flaws> {
  const path = cleanPath(raw);
  if (!path.ok) return path;
  const segment = path.value.slice(1);
  if (segment === "") return fail(["the path is empty, expected exactly one segment"]);
  if (segment.includes("/")) return fail(["the path has several segments, expected exactly one"]);
  return ok(segment);
}

/** The phrases for a query or a fragment. */
export function queryFlaws(rest: string): string[] {
  const flaws = [];
  const query = rest.indexOf("?");
  const fragment = rest.indexOf("#");
  if (query !== -1 && (fragment === -1 || query < fragment)) {
    flaws.push('it has a query ("?"), expected none; a "?" in a name is written %3F');
  }
  if (fragment !== -1) {
    flaws.push('it has a fragment ("#"), expected none; a "#" in a name is written %23');
  }
  return flaws;
}

function percentDecode(raw: string): Result<string, Flaws> {
  if (!raw.includes("%")) return ok(raw);
  const flaws = escapeFlaws(raw);
  if (flaws.length > 0) return fail(flaws);
  try {
    return ok(decodeURIComponent(raw));
  } catch {
    return fail([NOT_UTF8]);
  }
}

/** What is wrong with the percent-escapes of a text, apart from the bytes they mean. */
export function escapeFlaws(raw: string): string[] {
  const flaws = [];
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) {
    flaws.push('the path has a "%" without two hex digits, expected %25 for the character itself');
  }
  if (/%(?:2f|5c)/i.test(raw)) {
    flaws.push(
      'the path has an encoded separator (%2F or %5C), expected "/" between segments only',
    );
  }
  return flaws;
}

/** The phrase for escapes whose bytes are no text. */
export const NOT_UTF8 = "the path is not valid UTF-8 once decoded";
