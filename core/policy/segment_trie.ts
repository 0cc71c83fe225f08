import type { GlobSegment } from "../encoding/mod.ts";
import { type LiteralTable, type Segments, UNKNOWN } from "./literal_table.ts";
import { Pile } from "./pile.ts";
import { WildIndex } from "./wild_index.ts";

/** One state: what may come next, and what ends here. */
class State<T> {
  /** Most states lead on in one way only: that one is kept without a map. */
  literalId = UNKNOWN;
  literalChild: State<T> | undefined;
  literals: Map<number, State<T>> | undefined;
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
    return this.literalId !== UNKNOWN || this.any !== undefined || this.wilds !== undefined;
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
  readonly #table: LiteralTable;
  readonly #root = new State<T>(false);
  #step = 0;
  #search = 0;
  #now = new Pile<State<T>>();
  #next = new Pile<State<T>>();

  /**
   * @param table numbers the literals of patterns; the segments to find have to be read with the same one
   */
  constructor(table: LiteralTable) {
    this.#table = table;
  }

  /** The value at the end of a pattern, made on first use. */
  at(pattern: readonly GlobSegment[], make: () => T): T {
    let state = this.#root;
    for (const part of pattern) state = childOf(state, part, this.#table);
    return state.value ??= make();
  }

  /** Adds the values of all patterns that fit to a pile, each once. */
  find(segments: Segments, found: Pile<T>): void {
    this.#search++;
    this.#step++;
    this.#next.clear();
    this.#enter(this.#root, found);
    for (let i = 0; i < segments.count; i++) {
      const now = this.#next;
      if (now.count === 0) return;
      this.#next = this.#now;
      this.#now = now;
      this.#next.clear();
      this.#step++;
      const id = segments.idAt(i);
      for (let k = 0; k < now.count; k++) {
        const state = now.at(k);
        if (state === undefined) continue;
        this.#advance(state, id, found);
        if (state.wilds !== undefined) this.#advanceWild(state.wilds, segments.textAt(i), found);
      }
    }
    for (let k = 0; k < this.#next.count; k++) {
      const state = this.#next.at(k);
      if (state?.value !== undefined && !state.loops) found.push(state.value);
    }
  }

  #advance(state: State<T>, id: number, found: Pile<T>): void {
    if (id !== UNKNOWN) {
      const literal = state.literalId === id ? state.literalChild : state.literals?.get(id);
      if (literal !== undefined) this.#enter(literal, found);
    }
    if (state.any !== undefined) this.#enter(state.any, found);
    if (state.loops) this.#enterRest(state, found);
  }

  #advanceWild(wilds: WildIndex<State<T>>, segment: string, found: Pile<T>): void {
    const fitting: State<T>[] = [];
    wilds.collect(segment, fitting);
    for (const state of fitting) this.#enter(state, found);
  }

  #enter(state: State<T>, found: Pile<T>): void {
    if (state.value !== undefined || state.leadsOn) this.#next.push(state);
    if (state.rest !== undefined) this.#enterRest(state.rest, found);
  }

  #enterRest(state: State<T>, found: Pile<T>): void {
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

function childOf<T>(state: State<T>, part: GlobSegment, table: LiteralTable): State<T> {
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
    case "literal":
      return literalChildOf(state, table.add(part.text));
  }
}

function literalChildOf<T>(state: State<T>, id: number): State<T> {
  if (state.literalId === id && state.literalChild !== undefined) return state.literalChild;
  const known = state.literals?.get(id);
  if (known !== undefined) return known;
  const child = new State<T>(false);
  if (state.literalId === UNKNOWN) {
    state.literalId = id;
    state.literalChild = child;
  } else {
    state.literals ??= new Map();
    state.literals.set(id, child);
  }
  return child;
}

function addWild<T>(wilds: WildIndex<State<T>>, pattern: string): State<T> {
  const child = new State<T>(false);
  wilds.add(pattern, child);
  return child;
}
