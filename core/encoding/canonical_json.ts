import { JsonNumber } from "./json_value.ts";
import { compareUtf8 } from "./utf8.ts";

/**
 * What can be written canonically: values read from documents, and objects our own code builds. A member
 * that is `undefined` is left out.
 */
export type Canonicalizable =
  | null
  | boolean
  | string
  | number
  | JsonNumber
  | readonly Canonicalizable[]
  | { readonly [name: string]: Canonicalizable | undefined };

/**
 * Writes a value in the one form that is hashed.
 *
 * Members are sorted by their UTF-8 bytes and nothing is indented; `<`, `>`, `&`, U+2028, U+2029 and
 * control characters are escaped; an integer keeps all its digits (`-0` is `0`); any other number becomes
 * a string holding the digits it was sent with.
 *
 * @throws {TypeError} on a number that is not finite and on anything JSON has no form for: a fault in our
 *   code, no document can hold one
 *
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: "<", c: 1.5 }); // {"a":"\u003c","b":1,"c":"1.5"}
 * ```
 */
export function canonicalJson(value: Canonicalizable): string {
  return write(value, canonicalNumber);
}

/**
 * Writes a value like {@link canonicalJson}, but so that no two different values look the same: a number
 * stays a number with the digits it was sent with, and `-0` stays `-0`.
 */
export function fingerprintJson(value: Canonicalizable): string {
  return write(value, exactNumber);
}

type WriteNumber = (source: string) => string;

function canonicalNumber(source: string): string {
  if (source === "-0") return "0";
  return INTEGER.test(source) ? source : `"${source}"`;
}

function exactNumber(source: string): string {
  return source;
}

const INTEGER = /^-?[0-9]+$/;

function write(value: Canonicalizable, number: WriteNumber): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return writeNumber(value, number);
    case "boolean":
      return value ? "true" : "false";
  }
  if (value === null) return "null";
  if (value instanceof JsonNumber) return number(value.source);
  if (isArray(value)) return writeArray(value, number);
  if (typeof value === "object") return writeObject(value, number);
  throw new TypeError(`Cannot write a ${typeof value} as canonical JSON`);
}

// Array.isArray alone does not narrow a read-only array.
function isArray(value: Canonicalizable): value is readonly Canonicalizable[] {
  return Array.isArray(value);
}

function writeNumber(value: number, number: WriteNumber): string {
  // Most numbers are small integers; `-0` passes `| 0` too and has to be told apart.
  if ((value | 0) === value && value !== 0) return String(value);
  if (!Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as canonical JSON`);
  return number(Object.is(value, -0) ? "-0" : String(value));
}

function writeArray(items: readonly Canonicalizable[], number: WriteNumber): string {
  let text = "[";
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) throw new TypeError("Cannot write a missing item as canonical JSON");
    text += i === 0 ? write(item, number) : `,${write(item, number)}`;
  }
  return `${text}]`;
}

function writeObject(
  members: { readonly [name: string]: Canonicalizable | undefined },
  number: WriteNumber,
): string {
  let text = "{";
  for (const name of sortedNames(members)) {
    const value = members[name];
    if (value === undefined) continue;
    if (text.length > 1) text += ",";
    text += `${quote(name)}:${write(value, number)}`;
  }
  return `${text}}`;
}

function sortedNames(members: object): string[] {
  const names = Object.keys(members);
  for (let i = 1; i < names.length; i++) {
    // Names usually come sorted already, or are few: looking first is cheaper than sorting.
    if (compareUtf8(names[i - 1] ?? "", names[i] ?? "") > 0) return names.sort(compareUtf8);
  }
  return names;
}

/** Writes a string as a JSON string with the escapes of the canonical form, quotes included. */
function quote(text: string): string {
  return NEEDS_CARE.test(text) ? `"${text.toWellFormed().replace(ESCAPED, escape)}"` : `"${text}"`;
}

// Lone surrogates cannot come from a document; from elsewhere they are written as what UTF-8 makes of them.
// deno-lint-ignore no-control-regex -- control characters are what this looks for
const NEEDS_CARE = /[\u0000-\u001f"\\<>&\u2028\u2029\ud800-\udfff]/;
// deno-lint-ignore no-control-regex -- control characters are what this looks for
const ESCAPED = /[\u0000-\u001f"\\<>&\u2028\u2029]/g;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escape(char: string): string {
  return SHORT_ESCAPES.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
