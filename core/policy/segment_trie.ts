import type { GlobSegment } from "../encoding/mod.ts";
import { WildIndex } from "./wild_index.ts";

/** One state: what may come next, and what ends here. */
class State<T> {
  literals: Map<string, State<T>> | undefined;
  /** After one segment of any text. */
  any: State<T> | undefined;
  wilds: WildIndex<State<T>> | undefined;
  /** After `**`: reached together with this state, without a segment, and then at every segment again. */
  rest: State<T> | undefined;
  value: T | undefined;
  /** For a state after `**`: the step it was last entered in. */
  enteredIn = 0;
  /** For a state after `**`: the search its value was last told in. */
  toldIn = 0;

  /** Whether this state stands after `**`. */
  readonly loops: boolean;

  constructor(loops: boolean) {
    this.loops = loops;
  }

  get leadsOn(): boolean {
    return this.literals !== undefined || this.any !== undefined || this.wilds !== undefined;
  }
}

/**
 * Many patterns over segments, matched all at once. Resources are split at `/`; an argument vector is split already.
 *
 * The states form a tree, so that a state can only be reached in one way; all states that the segments read so far
 * lead to are kept side by side.
 *
 * INVARIANT: a segment enters each state at most once: a search takes at most (states) × (segments) steps, whatever
 * the patterns and the segments are.
 */
export class SegmentTrie<T> {
  readonly #root = new State<T>(false);
  #step = 0;
  #search = 0;
  #now: State<T>[] = [];
  #next: State<T>[] = [];

  /** The value at the end of a pattern, made on first use. */
  at(pattern: readonly GlobSegment[], make: () => T): T {
    let state = this.#root;
    for (const part of pattern) state = childOf(state, part);
    return state.value ??= make();
  }

  /** Adds the values of all patterns that fit to a list, each once. */
  find(segments: readonly string[], found: T[]): void {
    this.#search++;
    this.#step++;
    this.#next.length = 0;
    this.#enter(this.#root, found);
    for (let i = 0; i < segments.length; i++) {
      const now = this.#next;
      if (now.length === 0) return;
      this.#next = this.#now;
      this.#now = now;
      this.#next.length = 0;
      this.#step++;
      const segment = segments[i] ?? "";
      for (let k = 0; k < now.length; k++) {
        const state = now[k];
        if (state !== undefined) this.#advance(state, segment, found);
      }
    }
    for (const { loops, value } of this.#next) {
      if (value !== undefined && !loops) found.push(value);
    }
  }

  #advance(state: State<T>, segment: string, found: T[]): void {
    const literal = state.literals?.get(segment);
    if (literal !== undefined) this.#enter(literal, found);
    if (state.any !== undefined) this.#enter(state.any, found);
    if (state.wilds !== undefined) {
      const fitting: State<T>[] = [];
      state.wilds.collect(segment, fitting);
      for (const one of fitting) this.#enter(one, found);
    }
    if (state.loops) this.#enterRest(state, found);
  }

  #enter(state: State<T>, found: T[]): void {
    if (state.value !== undefined || state.leadsOn) this.#next.push(state);
    if (state.rest !== undefined) this.#enterRest(state.rest, found);
  }

  #enterRest(state: State<T>, found: T[]): void {
    if (state.enteredIn === this.#step) return;
    state.enteredIn = this.#step;
    // Whatever follows fits a pattern that ends in `**`, so that its value is told at once.
    if (state.value !== undefined && state.toldIn !== this.#search) {
      state.toldIn = this.#search;
      found.push(state.value);
    }
    if (state.leadsOn) this.#next.push(state);
  }
}

function childOf<T>(state: State<T>, part: GlobSegment): State<T> {
  switch (part.kind) {
    case "any":
      return state.any ??= new State<T>(false);
    case "globstar":
      // A second `**` right after the first one adds nothing.
      return state.loops ? state : state.rest ??= new State<T>(true);
    case "wild": {
      const wilds = state.wilds ??= new WildIndex<State<T>>();
      return wilds.get(part.text) ?? addWild(wilds, part.text);
    }
    case "literal": {
      const literals = state.literals ??= new Map<string, State<T>>();
      const known = literals.get(part.text);
      if (known !== undefined) return known;
      const child = new State<T>(false);
      literals.set(part.text, child);
      return child;
    }
  }
}

function addWild<T>(wilds: WildIndex<State<T>>, pattern: string): State<T> {
  const child = new State<T>(false);
  wilds.add(pattern, child);
  return child;
}
