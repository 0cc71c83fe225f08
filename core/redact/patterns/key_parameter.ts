import { isBlank, isQuote, URL_SAFE } from "../charset.ts";
import { MAX_BACKSLASHES, MAX_BLANKS, type Pattern, type Scan, WINDOW } from "../scan.ts";
import { COLON_OR_BLANK, colonAfter, nameEnd } from "./member.ts";
import { isKeyParameter, KEY_PARAMETER_NAMES } from "./names.ts";

const BACKSLASH = 92;
const QUOTE = 34;

/** `"d": "…"` of a JSON Web Key. The names are short, so the value must look like one as well. */
export const keyParameter: Pattern = {
  id: "key-parameter",
  description: `A private parameter of a JSON Web Key: ${KEY_PARAMETER_NAMES.join(", ")}`,
  anchors: [
    ...KEY_PARAMETER_NAMES.map((name) => ({
      character: `"`,
      before: name.slice(-1),
      beforeThat: name.length > 1 ? name.slice(-2, -1) : `"`,
      next: COLON_OR_BLANK,
    })),
    { character: `"`, before: "\\", next: COLON_OR_BLANK },
  ],
  match: matchKeyParameter,
};

function matchKeyParameter(scan: Scan, at: number): boolean {
  const { text } = scan;
  const name = nameBefore(text, nameEnd(text, at));
  if (name === undefined) return true;
  const colon = colonAfter(scan, at);
  if (colon === undefined) return false;
  if (colon < 0) return true;
  let i = colon + 1;
  while (i < text.length && i - colon <= MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  const slashes = i;
  while (i - slashes <= MAX_BACKSLASHES && text.charCodeAt(i) === BACKSLASH) i++;
  if (i === text.length) return scan.final;
  if (text.charCodeAt(i) !== QUOTE) return true;
  const from = i + 1;
  const end = scan.runEnd(from, URL_SAFE);
  if (end - from >= WINDOW || (scan.openEnd && end === text.length)) {
    scan.coverRun(from, from, URL_SAFE);
    return true;
  }
  if (end === text.length) return scan.final;
  const closed = text.charCodeAt(end) === QUOTE || text.charCodeAt(end) === BACKSLASH;
  if (closed && isKeyParameter(name, text.slice(from, end))) scan.cover(from, end);
  return true;
}

/** The parameter's name of one or two letters that stands between a quote and `end`. */
function nameBefore(text: string, end: number): string | undefined {
  if (end < 2) return undefined;
  const start = isQuote(text.charCodeAt(end - 2)) ? end - 1 : end - 2;
  if (!isQuote(text.charCodeAt(start - 1))) return undefined;
  const name = text.slice(start, end);
  return KEY_PARAMETER_NAMES.includes(name) ? name : undefined;
}
