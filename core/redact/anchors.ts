import { BUILTIN_PATTERNS } from "./patterns/mod.ts";
import type { Anchor, Pattern } from "./scan.ts";

/**
 * Where to ask which pattern. All patterns name their anchors by a character and its neighbours, so
 * that one pass with one table load per character serves all of them: what clean text costs does not
 * grow with the number of patterns.
 */

/** The tables count in ASCII; every character beyond it counts as code 0. */
const SIZE = 128;
/** By the low bytes of two code units in a row: the group when the second one may be an anchor, or 0. */
const PAIRS = new Uint8Array(65_536);
/** Groups are numbered from 1 on; this one stands for a character that may end a string. */
const STRING_END = 255;
/** The same, and {@link STRING_END} for every quote, backslash and newline. */
const PAIRS_IN_STRING = new Uint8Array(65_536);
/** By group and the code unit after the anchor: 1 when it fits. */
const NEXT = new Uint8Array(256 * SIZE);
/** By group and the code unit two before the anchor: the list of patterns to ask, or 0. */
const LIST = new Uint8Array(256 * SIZE);
const LISTS: (readonly Pattern[])[] = [[]];

function listOf(patterns: readonly Pattern[]): number {
  const known = LISTS.findIndex((list) =>
    list.length === patterns.length && list.every((pattern, i) => pattern === patterns[i])
  );
  return known >= 0 ? known : LISTS.push(patterns) - 1;
}

/** Who is asked, and under what condition. */
type Asked = readonly (readonly [Pattern, Anchor])[];

function fillGroup(group: number, asked: Asked): void {
  const fitting = (code?: string) =>
    asked.filter(([, { beforeThat }]) =>
      beforeThat === undefined || (code !== undefined && beforeThat.includes(code))
    );
  const row = group * SIZE;
  LIST.fill(listOf(patternsOf(fitting())), row, row + SIZE);
  for (const code of new Set(asked.flatMap(([, { beforeThat = "" }]) => [...beforeThat]))) {
    LIST[row + code.charCodeAt(0)] = listOf(patternsOf(fitting(code)));
  }
  for (const [, { next }] of asked) {
    if (next === undefined) NEXT.fill(1, row, row + SIZE);
    for (const code of next ?? "") NEXT[row + code.charCodeAt(0)] = 1;
  }
}

function patternsOf(asked: Asked): readonly Pattern[] {
  return [...new Set(asked.map(([pattern]) => pattern))];
}

function fillTables(): void {
  const pairs = new Map<string, [Pattern, Anchor][]>();
  for (const pattern of BUILTIN_PATTERNS) {
    for (const anchor of pattern.anchors) {
      for (const before of anchor.before) {
        const pair = before + anchor.character;
        const asked = pairs.get(pair);
        if (asked === undefined) pairs.set(pair, [[pattern, anchor]]);
        else asked.push([pattern, anchor]);
      }
    }
  }
  let group = 0;
  for (const [pair, asked] of pairs) {
    PAIRS[pair.charCodeAt(0) << 8 | pair.charCodeAt(1)] = ++group;
    fillGroup(group, asked);
  }
  if (group >= STRING_END || LISTS.length > 256) {
    throw new RangeError(
      `Cannot fill the tables: ${group} pairs and ${LISTS.length} lists, expected fewer than 255`,
    );
  }
  PAIRS_IN_STRING.set(PAIRS);
  for (let before = 0; before < 256; before++) {
    for (const end of "\"'\\\n") PAIRS_IN_STRING[before << 8 | end.charCodeAt(0)] = STRING_END;
  }
}

fillTables();

/** The list of patterns to ask at an offset after which a group was found, or 0. */
function listAt(text: string, at: number, group: number): number {
  const next = text.charCodeAt(at + 1);
  // What follows the last character of a piece is not known yet: the patterns will wait for it.
  if (NEXT[group * SIZE + (next < SIZE ? next : 0)] === 0 && at + 1 < text.length) return 0;
  const beforeThat = at < 2 ? 0 : text.charCodeAt(at - 2);
  return LIST[group * SIZE + (beforeThat < SIZE ? beforeThat : 0)] ?? 0;
}

/** The next anchor at or after `from`, or `limit` when there is none before it. */
export function nextAnchor(text: string, from: number, limit: number): number {
  let before = from > 0 ? text.charCodeAt(from - 1) : 0;
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    const group = PAIRS[(before & 255) << 8 | code & 255] ?? 0;
    if (group !== 0 && (before | code) < SIZE && listAt(text, i, group) !== 0) return i;
    before = code;
  }
  return limit;
}

/** The next anchor or character that may end a string. */
export function nextAnchorInString(text: string, from: number, limit: number): number {
  let before = from > 0 ? text.charCodeAt(from - 1) : 0;
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    const group = PAIRS_IN_STRING[(before & 255) << 8 | code & 255] ?? 0;
    if (group === STRING_END && code < SIZE) return i;
    if (group !== 0 && (before | code) < SIZE && listAt(text, i, group) !== 0) return i;
    before = code;
  }
  return limit;
}

const NONE: readonly Pattern[] = [];

/** The patterns to ask at an offset. */
export function patternsAt(text: string, at: number): readonly Pattern[] {
  if (at === 0) return NONE;
  const before = text.charCodeAt(at - 1);
  const code = text.charCodeAt(at);
  const group = (before | code) < SIZE ? PAIRS[before << 8 | code] ?? 0 : 0;
  return group === 0 ? NONE : LISTS[listAt(text, at, group)] ?? NONE;
}
