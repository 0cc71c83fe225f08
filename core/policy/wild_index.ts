import { matchesWild } from "../encoding/mod.ts";

interface Entry<T> {
  readonly pattern: string;
  readonly value: T;
}

/** Up to this many patterns are simply tried one after the other. */
const FEW = 4;

/**
 * Finds the patterns with `*` or `?` that one segment fits, among many of the same place.
 *
 * Patterns are kept by the literal text at their end or start, so that `*.example.com` is tried only for segments
 * that end in `.example.com`.
 */
export class WildIndex<T> {
  readonly #all: Entry<T>[] = [];
  /** By length of the literal end, then by that end. */
  readonly #byEnd = new Map<number, Map<string, Entry<T>[]>>();
  readonly #byStart = new Map<number, Map<string, Entry<T>[]>>();
  readonly #others: Entry<T>[] = [];

  /** The value kept for a pattern; `undefined` when the pattern is new. */
  get(pattern: string): T | undefined {
    return this.#listFor(pattern).find((entry) => entry.pattern === pattern)?.value;
  }

  add(pattern: string, value: T): void {
    const entry = { pattern, value };
    this.#all.push(entry);
    this.#listFor(pattern).push(entry);
  }

  /** Adds the values of all patterns that fit to a list. */
  collect(segment: string, found: T[]): void {
    if (this.#all.length <= FEW) return collectFrom(this.#all, segment, found);
    collectFrom(this.#others, segment, found);
    for (const [length, byText] of this.#byEnd) {
      if (length > segment.length) continue;
      const list = byText.get(segment.slice(segment.length - length));
      if (list !== undefined) collectFrom(list, segment, found);
    }
    for (const [length, byText] of this.#byStart) {
      const list = byText.get(segment.slice(0, length));
      if (list !== undefined) collectFrom(list, segment, found);
    }
  }

  #listFor(pattern: string): Entry<T>[] {
    const start = pattern.slice(0, pattern.search(/[*?]/));
    const end = pattern.slice(1 + Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf("?")));
    if (start === "" && end === "") return this.#others;
    return end.length >= start.length ? listIn(this.#byEnd, end) : listIn(this.#byStart, start);
  }
}

function listIn<T>(byLength: Map<number, Map<string, Entry<T>[]>>, text: string): Entry<T>[] {
  let byText = byLength.get(text.length);
  if (byText === undefined) byLength.set(text.length, byText = new Map());
  let list = byText.get(text);
  if (list === undefined) byText.set(text, list = []);
  return list;
}

function collectFrom<T>(entries: readonly Entry<T>[], segment: string, found: T[]): void {
  for (const { pattern, value } of entries) {
    if (matchesWild(pattern, segment)) found.push(value);
  }
}
