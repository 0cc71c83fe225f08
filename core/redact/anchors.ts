import { BUILTIN_PATTERNS } from "./patterns/mod.ts";
import type { Pattern } from "./scan.ts";

/**
 * Where to ask which pattern. All patterns name their anchors by a character and its neighbours, so
 * that one pass with one table load per character serves all of them: what clean text costs does not
 * grow with the number of patterns.
 */

/** The tables count in ASCII; every character beyond it counts as code 0. */
const SIZE = 128;
/** By the low bytes of two code units in a row: 1 when the second one may be an anchor. */
const PAIRS = new Uint8Array(65_536);
/** The same, and 2 for every character that may end a string: a quote, a backslash, a newline. */
const PAIRS_IN_STRING = new Uint8Array(65_536);
/** The group to ask, by the character before and the anchor itself; 0: none. */
const GROUP = new Uint8Array(SIZE * SIZE);
/** By group and code unit: 1 when it may stand two before the anchor, or after it. */
const BEFORE_THAT = new Uint8Array(256 * SIZE);
const NEXT = new Uint8Array(256 * SIZE);
const PATTERNS: (readonly Pattern[])[] = [[]];

function setOf(characters: readonly (string | undefined)[]): Uint8Array {
  const set = new Uint8Array(SIZE);
  for (const one of characters) {
    if (one === undefined) return set.fill(1);
    for (let i = 0; i < one.length; i++) set[one.charCodeAt(i)] = 1;
  }
  return set;
}

function fillTables(): void {
  const pairs = new Map<string, [Pattern, Pattern["anchors"][number]][]>();
  for (const pattern of BUILTIN_PATTERNS) {
    for (const anchor of pattern.anchors) {
      for (const before of anchor.before) {
        const pair = before + anchor.character;
        pairs.set(pair, [...(pairs.get(pair) ?? []), [pattern, anchor]]);
      }
    }
  }
  for (const [pair, asked] of pairs) {
    const group = PATTERNS.push([...new Set(asked.map(([pattern]) => pattern))]) - 1;
    if (group > 255) {
      throw new RangeError("Cannot fit more anchors: 255 pairs, expected wider tables");
    }
    PAIRS[pair.charCodeAt(0) << 8 | pair.charCodeAt(1)] = 1;
    GROUP[pair.charCodeAt(0) * SIZE + pair.charCodeAt(1)] = group;
    BEFORE_THAT.set(setOf(asked.map(([, { beforeThat }]) => beforeThat)), group * SIZE);
    NEXT.set(setOf(asked.map(([, { next }]) => next)), group * SIZE);
  }
  PAIRS_IN_STRING.set(PAIRS);
  for (let before = 0; before < 256; before++) {
    for (const end of "\"'\\\n") PAIRS_IN_STRING[before << 8 | end.charCodeAt(0)] = 2;
  }
}

fillTables();

/** The code by which the tables know the character at an offset; 0 beyond the ends of the text. */
function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < SIZE ? code : 0;
}

/** The group of patterns to ask at an offset, or 0. */
function groupAt(text: string, at: number): number {
  if (at === 0) return 0;
  const group = GROUP[codeAt(text, at - 1) * SIZE + codeAt(text, at)] ?? 0;
  // What follows the last character of a piece is not known yet: the patterns will wait for it.
  if (at + 1 < text.length && NEXT[group * SIZE + codeAt(text, at + 1)] === 0) return 0;
  return BEFORE_THAT[group * SIZE + (at < 2 ? 0 : codeAt(text, at - 2))] === 0 ? 0 : group;
}

/** The next anchor at or after `from`, or `limit` when there is none before it. */
export function nextAnchor(text: string, from: number, limit: number): number {
  let before = from > 0 ? text.charCodeAt(from - 1) & 255 : 0;
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i) & 255;
    if (PAIRS[before << 8 | code] !== 0 && groupAt(text, i) !== 0) return i;
    before = code;
  }
  return limit;
}

/** The next anchor or character that may end a string. */
export function nextAnchorInString(text: string, from: number, limit: number): number {
  let before = from > 0 ? text.charCodeAt(from - 1) & 255 : 0;
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i) & 255;
    const kind = PAIRS_IN_STRING[before << 8 | code];
    if (kind === 2 || (kind === 1 && groupAt(text, i) !== 0)) return i;
    before = code;
  }
  return limit;
}

/** The patterns to ask at an anchor. */
export function patternsAt(text: string, at: number): readonly Pattern[] {
  return PATTERNS[groupAt(text, at)] ?? [];
}
