import { echo } from "./problem.ts";

// The characters that mean something in JSON.

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const UPPER_E = 0x45;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const LOWER_E = 0x65;
export const LOWER_F = 0x66;
export const LOWER_N = 0x6e;
export const LOWER_T = 0x74;
export const LOWER_U = 0x75;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** What stands behind a backslash, and the character it means; `u` is not among them. */
export const ESCAPES: ReadonlyMap<number, string> = new Map([
  [QUOTE, '"'],
  [BACKSLASH, "\\"],
  [SLASH, "/"],
  [0x62, "\b"],
  [LOWER_F, "\f"],
  [LOWER_N, "\n"],
  [0x72, "\r"],
  [LOWER_T, "\t"],
]);

// What a reader says when it stops.

export const CONTROL_IN_STRING =
  "a string holds a control character, expected it as an escape (\\u0000)";
export const OPEN_STRING = "a string has no closing quote";
export const BAD_ESCAPE =
  'unknown escape in a string, expected \\uXXXX or one of \\" \\\\ \\/ \\b \\f \\n \\r \\t';
export const LONE_SURROGATE = "a string holds half of a surrogate pair (\\ud800 to \\udfff alone)";
export const BYTE_ORDER_MARK =
  "the document starts with a byte order mark, expected plain UTF-8 without it";

/** The message of a member name that stands twice in one object; the same in JSON and YAML. */
export function duplicateName(name: string): string {
  return `member "${echo(name)}" stands twice in the same object`;
}

/** Where the comment at the offset ends; `undefined` when there is none or it is never closed. */
export function commentEnd(text: string, at: number): number | undefined {
  if (text.startsWith("//", at)) {
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end;
  }
  if (!text.startsWith("/*", at)) return undefined;
  const end = text.indexOf("*/", at + 2);
  return end === -1 ? undefined : end + 2;
}
