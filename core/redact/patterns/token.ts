import { ALNUM, inSet, UPPER_DIGIT } from "../charset.ts";
import type { Pattern, Scan } from "../scan.ts";

/** A class of tokens: a fixed beginning, then a run of one set of characters. */
export interface TokenClass {
  /** How every token of the class begins. */
  readonly prefix: string;
  /** Index in `prefix`, from 1 on, of a character that is rare in ordinary text after the one before it. */
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

/** Makes the pattern of a token class. */
export function tokenPattern(id: string, description: string, token: TokenClass): Pattern {
  const { prefix, anchor } = token;
  const next = prefix.charCodeAt(anchor + 1);
  return {
    id,
    description,
    anchors: [{
      character: prefix.charAt(anchor),
      before: prefix.charAt(anchor - 1),
      ...(anchor > 1 ? { beforeThat: prefix.charAt(anchor - 2) } : {}),
    }],
    match(scan, at) {
      // Classes that share an anchor mostly part here.
      const found = scan.text.charCodeAt(at + 1);
      if (found !== next && anchor + 1 < prefix.length && at + 1 < scan.text.length) return true;
      return at < anchor || matchToken(scan, at - anchor, token);
    },
  };
}

function matchToken(scan: Scan, start: number, token: TokenClass): boolean {
  const { text } = scan;
  const { prefix, set, min, mixedWithin = 0 } = token;
  if (!text.startsWith(prefix, start)) {
    const cutOff = start + prefix.length > text.length && prefix.startsWith(text.slice(start));
    return scan.final || !cutOff;
  }
  const from = start + prefix.length;
  const end = scan.runEnd(from, set);
  const isOpen = end === text.length && end - from < Math.max(min, mixedWithin);
  if (isOpen && !scan.final) return false;
  const cutOff = isOpen && scan.openEnd && end > from;
  const isLong = end - from >= min;
  const isWords = mixedWithin > 0 && !isMixed(text, from, Math.min(end, from + mixedWithin));
  if (!cutOff && (!isLong || isWords)) return true;
  const dotted = token.dotted === true;
  const ifTouched = token.bounded === true && inSet(text.charCodeAt(start - 1), ALNUM);
  scan.coverRun(start, from, set, dotted || ifTouched ? { dotted, ifTouched } : undefined);
  return true;
}

function isMixed(text: string, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    if (inSet(text.charCodeAt(i), UPPER_DIGIT)) return true;
  }
  return false;
}
