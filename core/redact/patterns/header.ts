import { endsWithWord, isBlank } from "../charset.ts";
import { MAX_BLANKS, type Pattern, type Scan } from "../scan.ts";
import { HEADER_NAMES } from "./names.ts";

/** A header: its name, blanks, a colon, anywhere in a line. All to the end of the line goes. */
export const header: Pattern = {
  id: "header",
  description: `A header that carries a credential, to the end of its line: ${
    HEADER_NAMES.join(", ")
  }`,
  anchors: [
    { character: ":", before: " \t" },
    { character: ":", before: "nN", beforeThat: "oOeE" }, // authorization, token
    { character: ":", before: "eE", beforeThat: "iI" }, // cookie
    { character: ":", before: "yY", beforeThat: "eE" }, // key
  ],
  match: matchHeader,
};

function matchHeader(scan: Scan, at: number): boolean {
  // INVARIANT: one pass over the text in all; a covered line is not looked at again.
  if (at < scan.lineEnd || scan.inQuoted(at)) return true;
  const start = nameBefore(scan.text, at);
  if (start < 0) return true;
  if (scan.text.charCodeAt(at + 1) === 58) {
    // `Cookie::new()` is a path in a program, unless what follows is a secret with a colon in front.
    const covered = scan.coveredElsewhere(at + 1);
    if (covered !== true) return covered === false;
  }
  const value = valueAfter(scan, at);
  if (value === undefined) return false;
  if (value >= 0) scan.coverLine(start, value);
  return true;
}

/** Where the header name in front of the colon starts, or -1. */
function nameBefore(text: string, colon: number): number {
  let end = colon;
  while (end > 0 && colon - end < MAX_BLANKS && isBlank(text.charCodeAt(end - 1))) end--;
  const last = text.charCodeAt(end - 1) | 32;
  if (last !== 110 && last !== 101 && last !== 121) return -1; // n, e, y
  for (const name of HEADER_NAMES) {
    if (endsWithWord(text, end, name)) return end - name.length;
  }
  return -1;
}

/** Where the value starts; -1 when the line has none; undefined when that is not known yet. */
function valueAfter(scan: Scan, colon: number): number | undefined {
  const { text } = scan;
  let i = colon + 1;
  while (i < text.length && i - colon <= MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  if (i === text.length) return scan.final ? -1 : undefined;
  const code = text.charCodeAt(i);
  return code === 10 || code === 13 ? -1 : i;
}
