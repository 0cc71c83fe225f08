import { BUILTIN_PATTERNS } from "./patterns/mod.ts";
import type { Pattern } from "./scan.ts";

/**
 * Where to ask which pattern. All patterns name their anchors by a character and its predecessor, so
 * that one pass with two table loads per rare character serves all of them: the cost of clean text
 * does not grow with the number of patterns.
 */

/** Whether a character is an anchor after some predecessor. */
const FIRST = new Uint8Array(128);
/** The group of patterns to ask, by predecessor and character; 0: none. Beyond ASCII counts as 0. */
const GROUP = new Uint16Array(128 * 128);
const GROUPS: (readonly Pattern[])[] = [[]];

const asked = new Map<number, Pattern[]>();
for (const pattern of BUILTIN_PATTERNS) {
  for (const [anchor, after] of pattern.anchors) {
    const code = anchor.charCodeAt(0);
    FIRST[code] = 1;
    for (const before of after === null ? Array(128).keys() : codesOf(after)) {
      const pair = before << 7 | code;
      asked.set(pair, [...(asked.get(pair) ?? []), pattern]);
    }
  }
}
for (const [pair, patterns] of asked) GROUP[pair] = groupOf(patterns);

function codesOf(characters: string): readonly number[] {
  return [...characters].map((character) => character.charCodeAt(0));
}

function groupOf(patterns: readonly Pattern[]): number {
  const known = GROUPS.findIndex((group) =>
    group.length === patterns.length && group.every((pattern, i) => pattern === patterns[i])
  );
  return known >= 0 ? known : GROUPS.push(patterns) - 1;
}

function groupAt(text: string, at: number, code: number): number {
  const before = at > 0 ? text.charCodeAt(at - 1) : 0;
  return GROUP[(before < 128 ? before : 0) << 7 | code] ?? 0;
}

/** The next anchor at or after `from`, or `limit` when there is none before it. */
export function nextAnchor(text: string, from: number, limit: number): number {
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code < 128 && FIRST[code] !== 0 && groupAt(text, i, code) !== 0) return i;
  }
  return limit;
}

/** The next anchor, or the next character that may end a string: a quote, a backslash, a newline. */
export function nextAnchorInString(text: string, from: number, limit: number): number {
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 34 || code === 39 || code === 92 || code === 10) return i;
    if (code < 128 && FIRST[code] !== 0 && groupAt(text, i, code) !== 0) return i;
  }
  return limit;
}

/** The patterns to ask at an anchor. */
export function patternsAt(text: string, at: number): readonly Pattern[] {
  return GROUPS[groupAt(text, at, text.charCodeAt(at))] ?? [];
}
