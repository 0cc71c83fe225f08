import { isBlank, isQuote } from "../charset.ts";
import { MAX_BACKSLASHES, MAX_BLANKS, type Pattern, type Scan } from "../scan.ts";
import { SECRET_NAMES } from "./names.ts";

const BACKSLASH = 92;
/** What follows the closing quote of a name. */
export const COLON_OR_BLANK = ": \t";

/**
 * A quoted member: `"authorization": "Token …"`, `'Cookie': …`, `"set-cookie": ["…", "…"]`, at any
 * depth of escaping (`\"authorization\": \"…\"` in a string of another document). The strings are
 * replaced and their quotes stay, so that JSON stays JSON.
 */
export const member: Pattern = {
  id: "member",
  description: "A quoted member named like a credential header, a private key or a client secret",
  anchors: quotedAnchors(),
  match: matchMember,
};

/** Anchors of the quotes that end such names in front of a colon. */
function quotedAnchors(): Pattern["anchors"] {
  const endings = SECRET_NAMES.map((name) => name.slice(-2));
  return [`"`, `'`].flatMap((character) => [
    ...[...new Set(endings)].map(([beforeThat = "", before = ""]) => ({
      character,
      before: before + before.toUpperCase(),
      beforeThat: beforeThat + beforeThat.toUpperCase(),
      next: COLON_OR_BLANK,
    })),
    { character, before: "\\", next: COLON_OR_BLANK },
  ]);
}

/**
 * Where the colon after a quoted name stands; -1: there is none; undefined: not known yet.
 *
 * @param quote the name's closing quote
 */
export function colonAfter(scan: Scan, quote: number): number | undefined {
  const { text } = scan;
  let i = quote + 1;
  while (i < text.length && i - quote <= MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  if (i === text.length && !scan.final) return undefined;
  return text.charCodeAt(i) === 58 ? i : -1;
}

/** Where a quoted name ends: the offset of its closing quote, or of the backslashes in front of that. */
export function nameEnd(text: string, quote: number): number {
  let end = quote;
  while (quote - end < MAX_BACKSLASHES && text.charCodeAt(end - 1) === BACKSLASH) end--;
  return end;
}

/** Names by their last two letters, in five bits each: most members are told apart by these. */
const BY_ENDING = byEnding();
const NONE: readonly string[] = [];

function byEnding(): readonly (readonly string[] | undefined)[] {
  const groups: string[][] = [];
  for (const name of SECRET_NAMES) {
    const ending = endingAt(name, name.length);
    groups[ending] = [...(groups[ending] ?? []), name];
  }
  return Array.from({ length: 1024 }, (_, ending) => groups[ending]);
}

function endingAt(text: string, end: number): number {
  return (text.charCodeAt(end - 2) & 31) << 5 | text.charCodeAt(end - 1) & 31;
}

function matchMember(scan: Scan, at: number): boolean {
  const { text } = scan;
  const end = nameEnd(text, at);
  if (!endsWithSecretName(text, end) || scan.inQuoted(at)) return true;
  const colon = colonAfter(scan, at);
  if (colon === undefined) return false;
  return colon < 0 || matchValue(scan, colon);
}

function endsWithSecretName(text: string, end: number): boolean {
  for (const name of BY_ENDING[endingAt(text, end)] ?? NONE) {
    if (endsWithName(text, end, name)) return true;
  }
  return false;
}

/** Whether `"name` stands before `end`, whatever its case and wherever it has a `-` or `_`. */
function endsWithName(text: string, end: number, name: string): boolean {
  let i = end - 1;
  for (let n = name.length - 1; n >= 0; n--, i--) {
    if (n < name.length - 1 && isSeparator(text.charCodeAt(i))) i--;
    if ((text.charCodeAt(i) | 32) !== name.charCodeAt(n)) return false;
  }
  return isQuote(text.charCodeAt(i));
}

function isSeparator(code: number): boolean {
  return code === 45 || code === 95;
}

/** What the value is decides what goes. */
function matchValue(scan: Scan, colon: number): boolean {
  const { text } = scan;
  let i = colon + 1;
  while (i < text.length && i - colon <= MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  const start = i;
  if (isStringMark(text.charCodeAt(i)) && isQuote(text.charCodeAt(i + 1))) i++;
  const slashes = i;
  while (i - slashes <= MAX_BACKSLASHES && text.charCodeAt(i) === BACKSLASH) i++;
  if (!scan.final && (i === text.length || text.length - start < 8)) return false;
  const code = text.charCodeAt(i);
  if (isQuote(code)) {
    scan.coverQuoted(i + 1, { kind: "string", quote: code, backslashes: i - slashes });
  } else if (code === 91) {
    scan.coverQuoted(i + 1, { kind: "array" });
  } else if (isBareValue(text, start)) {
    scan.coverLine(start, start);
  }
  return true;
}

/** Some languages mark strings with a letter: b'…', r"…", u'…', f"…". */
function isStringMark(code: number): boolean {
  const letter = code | 32;
  return letter === 98 || letter === 114 || letter === 117 || letter === 102;
}

/** Whether the value is neither JSON nor missing: a word, a call, a template of some language. */
function isBareValue(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (Number.isNaN(first) || first === 10 || first === 13 || first === 123) return false;
  if (first === 45 || (first >= 48 && first <= 57)) return false;
  return !/^(?:true|false|null)(?![\w.~-])/.test(text.slice(start, start + 6));
}
