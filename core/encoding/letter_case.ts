/**
 * Lower-cases each character on its own, so that a text and its parts are lower-cased alike. (The
 * language's own function looks at neighbours: a `Σ` at the end of a word becomes another letter than
 * inside it.)
 */
export function lowerCase(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (character) => character.toLowerCase()).join("");
}

/**
 * Folds away case, for comparing names the way case-insensitive file systems do. It folds at least what
 * NTFS and APFS fold (`ß` like `SS`, the Kelvin sign like `K`), never less.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().normalize("NFC");
}
