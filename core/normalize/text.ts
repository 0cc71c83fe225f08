import { invisibleCharacter } from "../encoding/mod.ts";

const SPACES = "\t\n\f\r ";

/** Drops ASCII white space at both ends. */
export function trimAscii(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACES.includes(text.charAt(start))) start++;
  while (end > start && SPACES.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** What is wrong with the characters of a text, at most one phrase. */
export function characterFlaws(text: string): string[] {
  const invisible = invisibleCharacter(text);
  if (invisible === undefined) return [];
  return [`it has the control or invisible character ${invisible}, expected only visible ones`];
}
