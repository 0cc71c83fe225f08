/**
 * Sets of characters as bits of one table, so that membership costs a load and a mask. A run of a set
 * is what a token is made of; the patterns say how long a run must be.
 */

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHANUMERIC = `${UPPER}${UPPER.toLowerCase()}0123456789`;

/** `[A-Z0-9]` */
export const UPPER_DIGIT = 1 << 0;
/** `[A-Za-z0-9]` */
export const ALNUM = 1 << 1;
/** `[A-Za-z0-9_]` */
export const WORD = 1 << 2;
/** `[A-Za-z0-9_-]`, base64 for URLs */
export const URL_SAFE = 1 << 3;
/** `[A-Za-z0-9-]` */
export const DASHED = 1 << 4;
/** `[A-Za-z0-9+/=]`, standard base64 */
export const BASE64 = 1 << 5;
/** What a bearer token may hold (RFC 6750's b68token). */
export const BEARER = 1 << 6;
/** `[A-Za-z0-9_.~-]` */
export const UNRESERVED = 1 << 7;
/** `[A-Za-z0-9/_-]`, a path of identifiers */
export const PATH = 1 << 8;
/** Base64 that may be percent-encoded. */
export const SIGNATURE = 1 << 9;
/** What stands between `://` and the `:` before a password. */
export const USER = 1 << 10;
/** What a password in a connection string may hold; a marker ends it as well. */
export const PASSWORD = 1 << 11;
/** What a value in a list of `key=value;` may hold; a marker ends it as well. */
export const VALUE = 1 << 12;

/** Sets that take every character beyond ASCII. */
const WIDE = USER | PASSWORD | VALUE;

const MEMBERS: readonly (readonly [set: number, members: string])[] = [
  [UPPER_DIGIT, `${UPPER}0123456789`],
  [ALNUM, ALPHANUMERIC],
  [WORD, `${ALPHANUMERIC}_`],
  [URL_SAFE, `${ALPHANUMERIC}_-`],
  [DASHED, `${ALPHANUMERIC}-`],
  [BASE64, `${ALPHANUMERIC}+/=`],
  [BEARER, `${ALPHANUMERIC}-._~+/=`],
  [UNRESERVED, `${ALPHANUMERIC}_.~-`],
  [PATH, `${ALPHANUMERIC}/_-`],
  [SIGNATURE, `${ALPHANUMERIC}%+/=_-`],
  [USER, `${ALPHANUMERIC}!$%&*+-._~=^`],
  [PASSWORD, `${ALPHANUMERIC}!$%&*+-._~=^@:,|()[]{}`],
  [VALUE, `${ALPHANUMERIC}!$%*+-._~=^@:,|()[]{}/?#`],
];

const TABLE = new Uint16Array(128);
for (const [set, members] of MEMBERS) {
  for (let i = 0; i < members.length; i++) {
    const code = members.charCodeAt(i);
    TABLE[code] = (TABLE[code] ?? 0) | set;
  }
}

/** Whether a UTF-16 code unit belongs to a set. */
export function inSet(code: number, set: number): boolean {
  return code < 128 ? ((TABLE[code] ?? 0) & set) !== 0 : (set & WIDE) !== 0;
}

/**
 * Where the run of `set` that starts at `from` ends: the first index that does not belong to it.
 *
 * @param limit where to stop at the latest
 */
export function runEnd(text: string, from: number, set: number, limit = text.length): number {
  const end = Math.min(limit, text.length);
  let i = from;
  while (i < end && inSet(text.charCodeAt(i), set)) i++;
  return i;
}

/** Whether a code unit is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Whether a code unit is one of `"` and `'`. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}

/** Whether `word`, which is in lower case, stands before `end` in any case. */
export function endsWithWord(text: string, end: number, word: string): boolean {
  if (end < word.length) return false;
  for (let i = word.length - 1, at = end - 1; i >= 0; i--, at--) {
    const code = text.charCodeAt(at);
    if ((code >= 65 && code <= 90 ? code | 32 : code) !== word.charCodeAt(i)) return false;
  }
  return true;
}
