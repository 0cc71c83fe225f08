/**
 * Finds the first character that a reader would not see or that a terminal would obey: controls (C0, DEL,
 * C1), zero-width and bidirectional controls, other format characters and what is ignored by default
 * (variation selectors, fillers, tags), line and paragraph separators, lone surrogates.
 *
 * @returns the character as `U+XXXX`, or `undefined` when all of the text can be seen
 */
export function invisibleCharacter(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  const found = INVISIBLE.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : codePointName(found);
}

const PLAIN = /^[ -~]*$/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Names a code point the way Unicode does: `U+200B`. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}
