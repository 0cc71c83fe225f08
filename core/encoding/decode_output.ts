import { decodeUtf8Lossy } from "./utf8.ts";

/** How much of a text is looked at to find out how it is written. */
const SAMPLE_BYTES = 1_024;
/** Of all pairs of bytes, this share has a NUL in one place in text of two bytes a character. */
const NUL_SHARE = 0.4;

/**
 * Decodes what a file, a process or a server gave as text. UTF-8, unless it begins with the mark of UTF-16 or looks like
 * it: read as UTF-8, such a text would show every character with a NUL behind it, and no secret in it would be known.
 * Bytes that are no text become U+FFFD.
 *
 * @param options.cut whether the bytes were cut at their end: the beginning of a last character is then left out
 *
 * @example
 * ```ts
 * decodeOutput(new Uint8Array([0xff, 0xfe, 0x68, 0x00, 0x69, 0x00])); // "hi"
 * ```
 */
export function decodeOutput(bytes: Uint8Array, options: { readonly cut?: boolean } = {}): string {
  const label = utf16Of(bytes);
  if (label === undefined && !options.cut) return decodeUtf8Lossy(bytes);
  const decoder = new TextDecoder(label ?? "utf-8", { ignoreBOM: label === undefined });
  return decoder.decode(bytes, { stream: options.cut ?? false });
}

function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const pairs = Math.min(bytes.length, SAMPLE_BYTES) >> 1;
  if (pairs < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (bytes[2 * i] === 0) even++;
    if (bytes[2 * i + 1] === 0) odd++;
  }
  if (odd / pairs >= NUL_SHARE && even / pairs < NUL_SHARE / 4) return "utf-16le";
  return even / pairs >= NUL_SHARE && odd / pairs < NUL_SHARE / 4 ? "utf-16be" : undefined;
}
