import type { Pattern, Scan } from "../scan.ts";

/** A class of tokens: a fixed beginning, then a run of one set of characters. */
export interface TokenClass {
  /** How every token of the class begins. */
  readonly prefix: string;
  /** Index in `prefix` of a character that is rare in ordinary text (the one before it counts too). */
  readonly anchor: number;
  /** The characters after the prefix, see charset.ts. */
  readonly set: number;
  /** Least number of them. */
  readonly min: number;
  /** Single dots may join several runs. */
  readonly dotted?: boolean;
  /** The prefix is common inside words: no letter or digit may stand before it. */
  readonly bounded?: boolean;
  /** One of this many first characters must be a digit or upper-case: words of prose are neither. */
  readonly mixedWithin?: number;
}

const ALNUM_BEFORE = /[A-Za-z0-9]/;

/** Makes the pattern of a token class. */
export function tokenPattern(id: string, description: string, token: TokenClass): Pattern {
  const { prefix, anchor } = token;
  return {
    id,
    description,
    anchors: [[prefix.charAt(anchor), anchor > 0 ? prefix.charAt(anchor - 1) : null]],
    match: (scan, at) => matchToken(scan, at - anchor, token),
  };
}

function matchToken(scan: Scan, start: number, token: TokenClass): boolean {
  const { text } = scan;
  const { prefix, set, min } = token;
  if (start < 0) return true;
  if (!text.startsWith(prefix, start)) {
    const cutOff = start + prefix.length > text.length && prefix.startsWith(text.slice(start));
    return scan.final || !cutOff;
  }
  const from = start + prefix.length;
  const end = scan.runEnd(from, set);
  const needed = Math.max(min, token.mixedWithin ?? 0);
  if (end === text.length && end - from < needed && !scan.final) return false;
  const cutShort = scan.openEnd && end === text.length && end > from;
  if (!cutShort) {
    if (end - from < min) return true;
    if (token.mixedWithin !== undefined) {
      if (!/[0-9A-Z]/.test(text.slice(from, Math.min(end, from + token.mixedWithin)))) return true;
    }
  }
  const ifTouched = token.bounded === true && start > 0 &&
    ALNUM_BEFORE.test(text.charAt(start - 1));
  scan.coverRun(start, from, set, { dotted: token.dotted === true, ifTouched });
  return true;
}
