/**
 * What a built-in pattern sees of a scan. The text may be a part of a stream: a pattern that cannot
 * decide yet says so and is asked again when more has arrived, so that its decision never depends on
 * how the text was cut into chunks.
 */
export interface Scan {
  /** What is there of the text; offsets count from its start, in UTF-16 code units. */
  readonly text: string;
  /** No more text will come. */
  readonly final: boolean;
  /** The text was cut at its end: what touches the end may be the beginning of a secret. */
  readonly openEnd: boolean;
  /** A header's line is covered up to here. */
  readonly lineEnd: number;
  /** Chains of dotted tokens were judged up to here. */
  dottedUntil: number;

  /** The end of the run of `set` that starts at `from`; asking twice about one run is free. */
  runEnd(from: number, set: number): number;
  /** Where the next marker stands at or after `from`, or `Infinity`. */
  markerAfter(from: number): number;
  /** Whether a secret's value or an operator's pattern lies over the offset; undefined: not known yet. */
  coveredElsewhere(at: number): boolean | undefined;

  /** Covers a stretch whose end is known. */
  cover(start: number, end: number): void;
  /** Covers from `start` to the end of the run of `set` that holds `within`. */
  coverRun(start: number, within: number, set: number, options?: RunOptions): void;
  /** Covers from `start` to the end of the line that holds `within`. */
  coverLine(start: number, within: number): void;
  /** Covers the string whose content starts at `from`, or the strings of the array that does. */
  coverQuoted(from: number, opening: Opening): void;
  /** Whether the offset lies in a string that is being covered. */
  inQuoted(at: number): boolean;
  /** Covers from `start` to the END of the block with this label. */
  openBlock(start: number, label: string): void;
  /** Ends the block with this label at `end`; without effect when there is none. */
  closeBlock(label: string, end: number): void;
  /** Whether a block is being covered. */
  readonly blockOpen: boolean;
}

/** How a run goes on. */
export interface RunOptions {
  /** Single dots between two runs belong to it. */
  readonly dotted?: boolean;
  /** See {@link import("./cover.ts").Cover}. */
  readonly ifTouched?: boolean;
}

/** How a string was opened. */
export type Opening =
  | { readonly kind: "string"; readonly quote: number; readonly backslashes: number }
  | { readonly kind: "array" };

/** A character and what may stand around it: one of the characters of a string; absent: anything. */
export interface Anchor {
  readonly character: string;
  /** One of these stands before it: the rarer the pair in ordinary text, the better. */
  readonly before: string;
  readonly beforeThat?: string;
  readonly next?: string;
}

/** A kind of secret that is recognized by its form. */
export interface Pattern {
  readonly id: string;
  readonly description: string;
  /** Where to look. The pattern is asked at every such place, so it should be rare in ordinary text. */
  readonly anchors: readonly Anchor[];
  /**
   * Judges the anchor at `at` and covers what must go.
   *
   * @returns false when more text is needed to decide; never when the scan is final
   */
  match(scan: Scan, at: number): boolean;
}

/**
 * How far a decision may look ahead, in UTF-16 code units. This bounds the memory of a stream.
 *
 * INVARIANT: what cannot be decided within the window is redacted, also where more text is at hand:
 * else a stream would decide otherwise than a scan of the whole.
 */
export const WINDOW = 4096;

/** How far a decision may look back, in UTF-16 code units. A stream lags behind its input by this. */
export const LOOKBACK = 384;

/** Blanks between the parts of a pattern: more of them and the parts do not belong together. */
export const MAX_BLANKS = 256;

/** Backslashes in front of one quote: as many as five levels of escaping need. */
export const MAX_BACKSLASHES = 31;
