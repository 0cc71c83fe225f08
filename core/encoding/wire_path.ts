/**
 * Writes a normalized path the way it goes over the wire: percent-encoded once, from its UTF-8 bytes. What
 * a path may hold unencoded (letters, digits, `-._~!$&'()*+,;=:@`) and `/` stay.
 *
 * @param path of a normalized resource
 *
 * @example
 * ```ts
 * toWirePath("/100%/a b?"); // "/100%25/a%20b%3F"
 * ```
 */
export function toWirePath(path: string): string {
  return encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
}
