import { cleanFilePath, decodeUtf8, encodeUtf8, fail, ok, type Result } from "../encoding/mod.ts";

/** A file name of a patch, or a phrase that says what is wrong with it. */
export type NameResult = Result<string, string>;

/** A long path may break the rules in thousands of places; the first ones tell enough. */
const MAX_FLAWS = 3;

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/**
 * Reads a name in git's double quotes (`"caf\303\251"`), whose octal escapes are bytes of UTF-8.
 *
 * @param text begins with `"`
 * @returns the name and how many characters it took, quotes included
 */
export function unquoteName(text: string): Result<{ name: string; length: number }, string> {
  const bytes: number[] = [];
  let at = 1;
  while (at < text.length && text[at] !== '"') {
    const piece = text[at] === "\\" ? readEscape(text, at) : readPlain(text, at);
    if (piece === undefined) return fail("a quoted name has an escape that git does not write");
    for (const byte of piece.bytes) bytes.push(byte);
    at += piece.length;
  }
  if (at >= text.length) return fail("a quoted name has no closing quote");
  const name = decodeUtf8(Uint8Array.from(bytes));
  return name === undefined
    ? fail("a quoted name is not valid UTF-8")
    : ok({ name, length: at + 1 });
}

interface Piece {
  readonly bytes: Iterable<number>;
  readonly length: number;
}

function readPlain(text: string, at: number): Piece {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { bytes: encodeUtf8(char), length: char.length };
}

function readEscape(text: string, at: number): Piece | undefined {
  const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
  if (octal !== null) return { bytes: [Number.parseInt(octal[0], 8)], length: 4 };
  const letter = text[at + 1] ?? "";
  const byte = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  return byte === undefined ? undefined : { bytes: [byte], length: 2 };
}

/** Reads a name that takes the rest of a line: quoted, or as it is. */
export function readName(text: string): NameResult {
  if (!text.startsWith('"')) return ok(text);
  const quoted = unquoteName(text);
  if (!quoted.ok) return quoted;
  if (quoted.value.length < text.length) return fail("something follows a quoted name");
  return ok(quoted.value.name);
}

/** Reads the name of a `---` or `+++` line, where a tab begins a time that does not matter. */
export function readSideName(text: string): NameResult {
  if (text.startsWith('"')) {
    const quoted = unquoteName(text);
    if (!quoted.ok) return quoted;
    const rest = text.slice(quoted.value.length);
    return rest === "" || rest.startsWith("\t")
      ? ok(quoted.value.name)
      : fail("something follows a quoted name");
  }
  const tab = text.indexOf("\t");
  return ok(tab === -1 ? text : text.slice(0, tab));
}

/** The workspace path that a name means. */
export function cleanName(name: string): NameResult {
  if (name.includes("\\")) return fail("a name has a backslash, expected / between folders");
  const path = cleanFilePath(name);
  return path.ok ? path : fail(path.reason.slice(0, MAX_FLAWS).join("; "));
}

/** Takes `a/` or `b/` off a name. */
export function withoutPrefix(name: string, prefix: "a/" | "b/"): NameResult {
  if (name.startsWith(prefix)) return ok(name.slice(prefix.length));
  return fail(`a name does not begin with ${prefix}, expected git's own prefixes a/ and b/`);
}
