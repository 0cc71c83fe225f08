/**
 * Writes a canonical form the way it is stored: what a terminal would obey or a reader would not see (DEL, C1,
 * bidirectional and other format characters, default ignorables) becomes `\uXXXX`, so that no log line can be forged.
 *
 * The line parses to the same value, so its canonical form, and with it the hash, stays the same.
 *
 * @param canonical canonical JSON; such characters can only stand inside its strings
 *
 * @example
 * ```ts
 * toStoredLine('{"a":"\u202e"}'); // {"a":"\\u202e"}
 * ```
 */
export function toStoredLine(canonical: string): string {
  return PLAIN.test(canonical) ? canonical : canonical.replace(HIDDEN, escapeUnits);
}

const PLAIN = /^[ -~]*$/;
const HIDDEN = /[\u007f-\u009f\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

// Characters beyond U+FFFF are written as their surrogate pair, as JSON wants it.
function escapeUnits(char: string): string {
  let text = "";
  for (let i = 0; i < char.length; i++) {
    text += `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return text;
}
