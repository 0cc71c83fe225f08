const ALPHABET = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Decodes base64 strictly: the standard alphabet, padded, without white space, and the one spelling its bytes have.
 *
 * @returns `undefined` for any other text
 *
 * @example
 * ```ts
 * decodeBase64("aGk="); // the bytes of "hi"
 * decodeBase64("aGl="); // undefined: its last bits say nothing
 * ```
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !ALPHABET.test(text)) return undefined;
  const binary = atob(text);
  const tail = text.slice(-4);
  if (tail !== "" && btoa(binary.slice(-((binary.length % 3) || 3))) !== tail) return undefined;
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** How many bytes a well-formed base64 text holds. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, (text.length / 4) * 3 - padding);
}
