import { MARKER } from "../marker.ts";

/**
 * Shorter secrets are not looked for: `no` or `123` would tear holes into every text and would not be
 * hidden by it, since who reads a text full of holes can count. Whoever configures secrets should
 * refuse them or warn.
 */
export const MIN_SECRET_LENGTH = 4;
/** Lines of a secret of several lines are looked for one by one when they are at least this long. */
const MIN_LINE_LENGTH = 8;

/** The ways in which one secret may appear in a text. */
export interface SecretForms {
  /** Looked for as they are. */
  readonly exact: readonly string[];
  /** Encodings that programs break into lines: looked for across line breaks. */
  readonly wrapped: readonly string[];
}

/**
 * All forms of the given secrets: the value, its JSON and URL encodings, hex, and base64 at each of the
 * three places where it may begin in a larger encoded text.
 *
 * @param secrets values; blanks and newlines around them do not count
 */
export function secretForms(secrets: Iterable<string>): SecretForms {
  const exact = new Set<string>();
  const wrapped = new Set<string>();
  for (const secret of secrets) {
    const value = secret.trim();
    if (value.length < MIN_SECRET_LENGTH) continue;
    for (const form of [value, ...lines(value), ...jsonForms(value), ...urlForms(value)]) {
      exact.add(form);
    }
    const bytes = new TextEncoder().encode(value);
    for (const form of [...hexForms(bytes), ...base64Forms(bytes)]) wrapped.add(form);
  }
  return { exact: [...exact].filter(isUseful), wrapped: [...wrapped].filter(isUseful) };
}

/** A part of the marker cannot be hidden by the marker. */
function isUseful(form: string): boolean {
  return form.length >= MIN_SECRET_LENGTH && !MARKER.includes(form);
}

/** The lines of a key file are secret one by one: programs print some of them. */
function lines(value: string): string[] {
  if (!value.includes("\n")) return [];
  return value.split("\n").map((line) => line.trim())
    .filter((line) => line.length >= MIN_LINE_LENGTH && !line.startsWith("-----"));
}

/** As strings of JSON documents, and of JSON documents inside JSON documents. */
function jsonForms(value: string): string[] {
  const plain = JSON.stringify(value).slice(1, -1);
  const once = [
    plain,
    plain.replace(/[<>&\u2028\u2029]/g, escapeUnit), // Go, and everything that is put into HTML
    plain.replace(/[^\x20-\x7e]/g, escapeUnit), // Python
    plain.replace(/[<>&'\u007f-\uffff]/g, escapeUnit),
    plain.replaceAll("/", "\\/"), // PHP
  ];
  return [...once, ...once.map((form) => JSON.stringify(form).slice(1, -1))];
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What encoders of URLs leave as it is, besides letters and digits. */
const LEFT_BY_ENCODERS: readonly string[] = [
  "-._~", // RFC 3986, Go's query and Python's quote_plus
  "-_.!~*'()", // encodeURIComponent
  "*-._", // forms (URLSearchParams)
  "-._~/", // Python's quote
  "-._~$&+=:@", // Go's path segments
  "-_.!~*'();/?:@&=+$,#", // encodeURI
];

function urlForms(value: string): string[] {
  const forms = new Set<string>();
  for (const left of LEFT_BY_ENCODERS) {
    for (const upper of [true, false]) {
      const encoded = percentEncode(value, left, upper);
      forms.add(encoded);
      forms.add(encoded.replaceAll("%20", "+"));
    }
  }
  return [...forms];
}

function percentEncode(value: string, left: string, upper: boolean): string {
  let out = "";
  for (const byte of new TextEncoder().encode(value)) {
    const character = String.fromCharCode(byte);
    const stays = byte < 128 && (/[A-Za-z0-9]/.test(character) || left.includes(character));
    const hex = hexOf(byte);
    out += stays ? character : `%${upper ? hex.toUpperCase() : hex}`;
  }
  return out;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function hexForms(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, hexOf).join("");
  return [hex, hex.toUpperCase()];
}

/**
 * The base64 of the value on its own, and the characters of it that do not depend on what stands
 * around the value when it begins at the first, second or third byte of a group.
 */
function base64Forms(bytes: Uint8Array): string[] {
  const forms = [0, 1, 2].map((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const first = Math.ceil(offset * 8 / 6);
    const end = Math.floor(padded.length * 8 / 6);
    return base64(padded).slice(first, end);
  });
  const own = base64(bytes);
  forms.push(own, own.replaceAll("=", ""));
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
