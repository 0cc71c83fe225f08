import { CoverList } from "../cover.ts";
import type { Finder, TextEnd } from "../finder.ts";
import type { Automaton } from "./automaton.ts";

/** Finds secrets known by value. One text, or one stream, needs a finder of its own. */
export class SecretFinder implements Finder {
  readonly covers = new CoverList();
  readonly #automaton: Automaton;
  readonly #acrossBreaks: boolean;
  /** Where the last code units that count stood, as a ring; needed only when line breaks are skipped. */
  readonly #places: Float64Array;
  #count = 0;
  #state = 0;
  #position = 0;
  /** How much was dropped from the front of the text. */
  #dropped = 0;

  constructor(automaton: Automaton, options: { readonly acrossBreaks: boolean }) {
    this.#automaton = automaton;
    this.#acrossBreaks = options.acrossBreaks;
    this.#places = new Float64Array(options.acrossBreaks ? automaton.longest + 1 : 0);
  }

  advance(text: string, end: TextEnd): number {
    const automaton = this.#automaton;
    let state = this.#state;
    let i = this.#position;
    while (i < text.length) {
      if (state === 0) {
        i = automaton.skip(text, i);
      }
      const code = text.charCodeAt(i++);
      if (this.#acrossBreaks) {
        if (code === 10 || code === 13) continue;
        this.#places[this.#count++ % this.#places.length] = this.#dropped + i - 1;
      }
      state = automaton.step(state, code);
      const length = automaton.found(state);
      if (length > 0) this.covers.add(this.#startOf(length, i), i);
    }
    this.#state = state;
    this.#position = i;
    const depth = automaton.depth(state);
    if (depth === 0) return i;
    const start = this.#startOf(depth, i);
    // The beginning of a secret at the place where the text was cut.
    if (end === "cut") this.covers.add(start, i);
    return end === "more" ? start : i;
  }

  /** Where the last `length` code units that count begin, in front of `end`. */
  #startOf(length: number, end: number): number {
    if (!this.#acrossBreaks) return end - length;
    const size = this.#places.length;
    return (this.#places[(this.#count - length) % size] ?? 0) - this.#dropped;
  }

  shift(by: number): void {
    this.#position -= by;
    this.#dropped += by;
  }
}
