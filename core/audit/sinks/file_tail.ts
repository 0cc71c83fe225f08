import { decodeUtf8Lossy } from "../../encoding/mod.ts";
import type { AppendFile } from "../../ports/mod.ts";

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
/** How far back from the end lines are looked for, in bytes. */
const REACH = 8 * 1024 * 1024;

/**
 * Reads the complete lines at the end of a file, the newest first. A last line without its newline is left out.
 *
 * @param reach how far back to look, in bytes
 */
export async function* linesNewestFirst(
  file: AppendFile,
  reach: number = REACH,
): AsyncGenerator<string> {
  let at = await lastNewline(file, await file.size());
  const stop = Math.max(0, at - reach);
  let parts: Uint8Array[] = [];
  // `at` is the end of what has not been looked at yet; the newline behind it is known.
  while (at > stop) {
    const start = Math.max(stop, at - CHUNK);
    let chunk = await file.readAt(start, at - start);
    at = start;
    for (let cut = chunk.lastIndexOf(NEWLINE); cut !== -1; cut = chunk.lastIndexOf(NEWLINE)) {
      yield joinBackwards(parts, chunk.subarray(cut + 1));
      parts = [];
      chunk = chunk.subarray(0, cut);
    }
    parts.push(chunk);
  }
  if (stop === 0 && at === 0 && parts.length > 0) yield joinBackwards(parts, new Uint8Array());
}

/** Finds the last newline before `end`; -1 when there is none. */
export async function lastNewline(file: AppendFile, end: number): Promise<number> {
  for (let at = end; at > 0;) {
    const start = Math.max(0, at - CHUNK);
    const found = (await file.readAt(start, at - start)).lastIndexOf(NEWLINE);
    if (found !== -1) return start + found;
    at = start;
  }
  return -1;
}

// The parts were found from the end of the line to its start.
function joinBackwards(parts: readonly Uint8Array[], first: Uint8Array): string {
  const pieces = [first, ...parts.toReversed()];
  const line = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    line.set(piece, at);
    at += piece.length;
  }
  return decodeUtf8Lossy(line);
}
