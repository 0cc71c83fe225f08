import { CoverList } from "./cover.ts";
import { MARKER } from "./marker.ts";
import type { OperatorPattern } from "./operator_pattern.ts";
import type { Finder, TextEnd } from "./finder.ts";

/** Patterns see a text in blocks of this many UTF-16 code units … */
const BLOCK = 128 * 1024;
/** … and this much of what follows each, so that this is how long a match may be. */
const REACH = 64 * 1024;

/**
 * Finds what operators' patterns match. A pattern can ask for any amount of text, and a stream cannot
 * keep any amount; so a pattern sees blocks that begin at fixed offsets of the text, in a stream and in
 * a whole text alike.
 */
export class OperatorFinder implements Finder {
  readonly covers = new CoverList();
  readonly #pattern: OperatorPattern;
  /** Where the next block begins. */
  #block = 0;
  /** Where the last match ended. */
  #resume = 0;

  constructor(pattern: OperatorPattern) {
    this.#pattern = pattern;
  }

  advance(text: string, end: TextEnd): number {
    while (this.#block < text.length) {
      if (end === "more" && text.length < this.#block + BLOCK + REACH) return this.#block;
      this.#search(text);
      this.#block += BLOCK;
    }
    return text.length;
  }

  #search(text: string): void {
    // One character in front, so that `^` and `\b` are judged rightly at the border.
    const origin = Math.max(0, this.#block - 1);
    const limit = this.#block + BLOCK;
    const visible = text.slice(origin, limit + REACH);
    const from = Math.min(Math.max(this.#block, this.#resume) - origin, visible.length);
    this.#pattern.each(visible, from, (start, end) => {
      if (origin + start >= limit) return false;
      this.#resume = origin + end;
      if (!isInMarker(visible, start, end)) this.covers.add(origin + start, origin + end);
      return true;
    });
  }

  shift(by: number): void {
    this.#block -= by;
    this.#resume -= by;
  }
}

/** Whether the match lies within a marker: replacing it would only make the marker longer. */
function isInMarker(text: string, start: number, end: number): boolean {
  const marker = text.lastIndexOf("[", start);
  return marker > start - MARKER.length && marker >= 0 && end <= marker + MARKER.length &&
    text.startsWith(MARKER, marker);
}
