import { BASE64, BEARER, isBlank } from "../charset.ts";
import { MAX_BLANKS, type Pattern, type Scan } from "../scan.ts";

/** A credential has at least this many characters. */
const LEAST = 12;
/** A run of letters longer than this is no word of any language. */
const LONGEST_WORD = 64;

/** `Bearer` and a token, `Basic` and base64, wherever they stand. */
export const scheme: Pattern = {
  id: "scheme",
  description:
    `Bearer with a token, Basic with base64, of ${LEAST} or more characters, but not a word of prose`,
  anchors: [
    { character: "e", before: "bB", next: "aA" },
    { character: "E", before: "bB", next: "aA" },
    { character: "a", before: "bB", next: "sS" },
    { character: "A", before: "bB", next: "sS" },
  ],
  match: matchScheme,
};

function matchScheme(scan: Scan, at: number): boolean {
  return (scan.text.charCodeAt(at) | 32) === 101
    ? matchCredential(scan, at - 1, "bearer", BEARER, isBearerProse)
    : matchCredential(scan, at - 1, "basic", BASE64, isBasicProse);
}

function matchCredential(
  scan: Scan,
  at: number,
  word: string,
  set: number,
  isProse: (run: string) => boolean,
): boolean {
  const { text } = scan;
  const found = text.slice(at, at + word.length).toLowerCase();
  if (found !== word) {
    return scan.final || found.length === word.length || !word.startsWith(found);
  }
  let from = at + word.length;
  const blanks = from;
  while (from < text.length && from - blanks < MAX_BLANKS && isBlank(text.charCodeAt(from))) from++;
  if (from === text.length) return scan.final;
  if (from === blanks) return true;
  const end = scan.runEnd(from, set);
  const length = end - from;
  if (end === text.length && length <= LONGEST_WORD) {
    if (!scan.final) return false;
    if (scan.openEnd && length > 0) {
      scan.cover(at, end);
      return true;
    }
  }
  if (length < LEAST) return true;
  if (length > LONGEST_WORD || !isProse(text.slice(from, end))) scan.coverRun(at, from, set);
  return true;
}

/** Words that follow `bearer` in documentation. */
const BEARER_WORDS = [
  "authenticate",
  "authenticated",
  "authentication",
  "authenticator",
  "authenticators",
  "authentication-based",
  "authorisation",
  "authorization",
  "authorization_uri",
  "authorizations",
  "certificates",
  "token-authenticated",
  "token-authentication",
  "token-authorization",
];

/**
 * INVARIANT: every beginning of prose is prose, so that text which loses its end to another secret is
 * judged as before.
 */
function isBearerProse(run: string): boolean {
  const word = run.toLowerCase().replace(/[-._~+/=]+$/, "");
  return BEARER_WORDS.some((known) => known.startsWith(word));
}

/** Words as they are written: `geometry`, `Input/Output`, `AUTHENTICATION`. Base64 mixes its cases. */
function isBasicProse(run: string): boolean {
  // The alternatives exclude each other: nothing to backtrack into.
  return /^(?:[A-Z]{2,}|[A-Z]?[a-z]*)(?:[/+](?:[A-Z]{2,}|[A-Z]?[a-z]*))*$/.test(run);
}
