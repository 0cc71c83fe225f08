import { BASE64, isBlank, runEnd } from "../charset.ts";
import { MAX_BLANKS, type Pattern, type Scan, WINDOW } from "../scan.ts";

/** Armoured blocks: keys, certificates, signatures. */
export const pem: Pattern = {
  id: "pem",
  description: "A block from -----BEGIN <LABEL>----- to its own END, else to the end of the text",
  anchors: [{ character: "-", before: "-", beforeThat: "-", next: "BE" }],
  match: matchPem,
};

const DASHES = "-----";
/** A line of an armoured block is longer than this, and a word of prose shorter. */
const LEAST_BODY = 16;

function matchPem(scan: Scan, at: number): boolean {
  const { text } = scan;
  const next = text.charCodeAt(at + 1);
  if (Number.isNaN(next)) return scan.final;
  const isBegin = next === 66; // B
  if (!isBegin && !(next === 69 && scan.blockOpen)) return true; // E
  const start = at + 1 - DASHES.length;
  if (start < 0 || !text.startsWith(DASHES, start)) return true;
  const word = isBegin ? "BEGIN " : "END ";
  const from = at + 1 + word.length;
  if (!text.startsWith(word, at + 1)) {
    return scan.final || from <= text.length || !word.startsWith(text.slice(at + 1));
  }
  const end = labelEnd(text, from);
  const isLong = end - from >= WINDOW;
  if (!isLong && end + DASHES.length > text.length && !scan.final) return false;
  if (end === from || !(isLong || text.startsWith(DASHES, end))) return true;
  const label = text.slice(from, isLong ? from + WINDOW : end);
  const after = end + DASHES.length;
  if (!isBegin) {
    if (!isLong) scan.closeBlock(label, after);
    return true;
  }
  const mention = isLong ? false : isMention(scan, label, after);
  if (mention === undefined) return false;
  if (!mention) scan.openBlock(start, label);
  return true;
}

/** Labels are upper-case letters, digits and blanks, and do not begin with a blank. */
function labelEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && i - from < WINDOW) {
    const code = text.charCodeAt(i);
    const isLetter = code >= 65 && code <= 90;
    const isDigit = code >= 48 && code <= 57;
    if (!isLetter && !isDigit && !(code === 32 && i > from)) break;
    i++;
  }
  return i;
}

/**
 * Whether a sentence only speaks of such a line (`-----BEGIN NOTES----- is how they start`): words
 * follow it on its line. Undefined: not known yet. What is labelled a key is never taken for prose.
 */
function isMention(scan: Scan, label: string, after: number): boolean | undefined {
  const { text } = scan;
  if (label.includes("KEY")) return false;
  let i = after;
  while (i < text.length && i - after < MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  if (i === text.length) return scan.final ? false : undefined;
  const code = text.charCodeAt(i);
  if (i === after || code === 10 || code === 13) return false;
  const end = runEnd(text, i, BASE64, i + LEAST_BODY);
  if (end - i === LEAST_BODY) return false;
  return end < text.length ? true : scan.final ? !scan.openEnd : undefined;
}
