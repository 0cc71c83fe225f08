import {
  BASE64,
  endsWithWord,
  isBlank,
  isQuote,
  runEnd,
  SIGNATURE,
  UNRESERVED,
  VALUE,
} from "../charset.ts";
import { MARKER } from "../marker.ts";
import { type Pattern, type Scan, WINDOW } from "../scan.ts";
import { isPlaceholder } from "./connection.ts";

/** A key of `key=value` whose value is a secret. */
interface SecretKey {
  /** In lower case; compared without regard to case. */
  readonly name: string;
  /** What may stand before the key, besides blanks; empty: anything. */
  readonly after: string;
  /** Whether blanks and a quote may stand around the `=`. */
  readonly spaced: boolean;
  readonly set: number;
  readonly min: number;
}

const KEYS: readonly SecretKey[] = [
  { name: "password", after: ";?&", spaced: false, set: VALUE, min: 1 },
  { name: "passwd", after: ";?&", spaced: false, set: VALUE, min: 1 },
  { name: "pwd", after: ";?&", spaced: false, set: VALUE, min: 1 },
  { name: "accountkey", after: "", spaced: false, set: BASE64, min: 40 },
  { name: "sharedaccesskey", after: "", spaced: false, set: BASE64, min: 40 },
  { name: "sig", after: "?&", spaced: false, set: SIGNATURE, min: 40 },
  { name: "secret_access_key", after: "", spaced: true, set: BASE64, min: 40 },
  { name: "aws_session_token", after: "", spaced: true, set: BASE64, min: 40 },
];
const MAX_SPACES = 16;

/** Values of connection strings, signed URLs and credential files. */
export const keyed: Pattern = {
  id: "keyed",
  description:
    ";Password=, AccountKey=, SharedAccessKey=, &sig=, aws_secret_access_key= and aws_session_token=",
  anchors: [
    { character: "=", before: " \t", beforeThat: "yYnN \t" },
    { character: "=", before: "dD", beforeThat: "rRwW" }, // password, passwd, pwd
    { character: "=", before: "yY", beforeThat: "eE" }, // key
    { character: "=", before: "gG", beforeThat: "iI" }, // sig
    { character: "=", before: "nN", beforeThat: "eE" }, // token
  ],
  match: matchKeyed,
};

function matchKeyed(scan: Scan, at: number): boolean {
  const { text } = scan;
  let end = at;
  while (end > 0 && at - end < MAX_SPACES && isBlank(text.charCodeAt(end - 1))) end--;
  const key = KEYS.find(({ name, spaced }) =>
    endsWithWord(text, end, name) && (spaced || end === at)
  );
  if (key === undefined || !standsAfter(text, end - key.name.length, key.after)) return true;
  let from = at + 1;
  if (key.spaced) {
    while (from - at <= MAX_SPACES && isBlank(text.charCodeAt(from))) from++;
    if (from === text.length && !scan.final) return false;
    if (isQuote(text.charCodeAt(from))) from++;
  }
  return matchValue(scan, from, key);
}

function standsAfter(text: string, start: number, after: string): boolean {
  if (after === "") return true;
  let i = start;
  while (start - i < MAX_SPACES && isBlank(text.charCodeAt(i - 1))) i--;
  return i > 0 && after.includes(text.charAt(i - 1));
}

function matchValue(scan: Scan, from: number, { set, min }: SecretKey): boolean {
  const { text } = scan;
  const end = Math.min(scan.runEnd(from, set), scan.markerAfter(from));
  const atEnd = end === text.length;
  if (set !== VALUE) {
    if (atEnd && end - from < min && !scan.final) return false;
    const cutOff = scan.openEnd && atEnd && end > from;
    if (cutOff || end - from >= min) scan.coverRun(from, from, set);
    return true;
  }
  if (end - from >= WINDOW) {
    scan.coverRun(from, from, VALUE);
    return true;
  }
  if (atEnd && !scan.final) return false;
  // A marker in it: the secret in this value is gone already.
  if (end === from || text.startsWith(MARKER, end)) return true;
  if ((scan.openEnd && atEnd) || !isPlaceholder(text, from, end)) scan.cover(from, end);
  return true;
}

/** Client secrets of Microsoft Entra ID: three characters, a digit, `Q~`, and 31 or more. */
export const azureClientSecret: Pattern = {
  id: "azure-client-secret",
  description: "A client secret of Microsoft Entra ID (…8Q~…)",
  anchors: [{ character: "~", before: "Q", beforeThat: "0123456789" }],
  match(scan, at) {
    const { text } = scan;
    const digit = text.charCodeAt(at - 2);
    if (at < 5 || digit < 48 || digit > 57) return true;
    if (runEnd(text, at - 5, UNRESERVED, at - 2) < at - 2) return true;
    const end = scan.runEnd(at + 1, UNRESERVED);
    if (end === text.length && end - at <= LEAST_REST && !scan.final) return false;
    const cutOff = scan.openEnd && end === text.length;
    if (cutOff || end - at > LEAST_REST) scan.coverRun(at - 5, at, UNRESERVED);
    return true;
  },
};

const LEAST_REST = 31;
