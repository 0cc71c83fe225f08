import type { Position } from "./problem.ts";

/**
 * Finds the line and column of an offset.
 *
 * @param text the whole source
 * @param offset in UTF-16 code units; beyond the end means the end
 */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: end - start + 1 };
}
