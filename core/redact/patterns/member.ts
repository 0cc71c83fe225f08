import { isBlank, isQuote, URL_SAFE } from "../charset.ts";
import { MAX_BACKSLASHES, MAX_BLANKS, type Pattern, type Scan, WINDOW } from "../scan.ts";
import { isKeyParameter, KEY_PARAMETER_NAMES, SECRET_NAMES } from "./names.ts";

/**
 * A quoted member: `"authorization": "Token …"`, `'Cookie': …`, `"set-cookie": ["…", "…"]`, at any
 * depth of escaping (`\"authorization\": \"…\"` in a string of another document). The strings are
 * replaced and their quotes stay, so that JSON stays JSON.
 */
export const member: Pattern = {
  id: "member",
  description: "A quoted member named like a credential header, a private key or a client secret",
  anchors: [[":", "\"' \t"]],
  match: matchMember,
};

const BACKSLASH = 92;

/** Names by the code of their last letter: most members of a document are told apart by that. */
const SECRETS_BY_LETTER = byLastLetter(SECRET_NAMES);
const PARAMETERS_BY_LETTER = byLastLetter(KEY_PARAMETER_NAMES);

function byLastLetter(names: readonly string[]): readonly (readonly string[])[] {
  return Array.from(
    { length: 128 },
    (_, code) => names.filter((name) => name.endsWith(String.fromCharCode(code))),
  );
}

function matchMember(scan: Scan, at: number): boolean {
  const { text } = scan;
  let end = at - 1;
  while (end > 0 && at - end <= MAX_BLANKS && isBlank(text.charCodeAt(end))) end--;
  if (!isQuote(text.charCodeAt(end)) || scan.inQuoted(at)) return true;
  for (let n = 0; n < MAX_BACKSLASHES && text.charCodeAt(end - 1) === BACKSLASH; n++) end--;
  const letter = text.charCodeAt(end - 1) | 32;
  for (const name of SECRETS_BY_LETTER[letter] ?? []) {
    if (endsWithName(text, end, name)) return matchValue(scan, at);
  }
  for (const name of PARAMETERS_BY_LETTER[letter] ?? []) {
    if (endsWithName(text, end, name)) return matchKeyParameter(scan, at, name);
  }
  return true;
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
  // Languages mark strings with a letter: b'…', r"…".
  if ("bBuUrRfF".includes(text.charAt(i)) && isQuote(text.charCodeAt(i + 1))) i++;
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

/** Whether the value is neither JSON nor missing: a word, a call, a template of some language. */
function isBareValue(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (Number.isNaN(first) || first === 10 || first === 13 || first === 123) return false;
  if (first === 45 || (first >= 48 && first <= 57)) return false;
  return !/^(?:true|false|null)(?![A-Za-z0-9_])/.test(text.slice(start, start + 6));
}

/** `"d": "…"` of a JSON Web Key: only a string of the right form and length is one. */
function matchKeyParameter(scan: Scan, colon: number, name: string): boolean {
  const { text } = scan;
  let i = colon + 1;
  while (i < text.length && i - colon <= MAX_BLANKS && isBlank(text.charCodeAt(i))) i++;
  const slashes = i;
  while (i - slashes <= MAX_BACKSLASHES && text.charCodeAt(i) === BACKSLASH) i++;
  if (i === text.length) return scan.final;
  if (text.charCodeAt(i) !== 34) return true;
  const from = i + 1;
  const end = scan.runEnd(from, URL_SAFE);
  if (end - from >= WINDOW || (scan.openEnd && end === text.length)) {
    scan.coverRun(from, from, URL_SAFE);
    return true;
  }
  if (end === text.length) return scan.final;
  const closed = text.charCodeAt(end) === 34 || text.charCodeAt(end) === BACKSLASH;
  if (closed && isKeyParameter(name, text.slice(from, end))) scan.cover(from, end);
  return true;
}
