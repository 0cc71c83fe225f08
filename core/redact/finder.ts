import type { CoverList } from "./cover.ts";

/** How a text ends: more may come, it is whole, or it was cut. */
export type TextEnd = "more" | "whole" | "cut";

/** A source of covers besides the built-in patterns: secrets known by value, operators' patterns. */
export interface Finder {
  /** What it found. */
  readonly covers: CoverList;
  /**
   * Reads on.
   *
   * @returns the offset before which all covers are known
   */
  advance(text: string, end: TextEnd): number;
  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void;
}

/** How many replacement characters at the end of a text stand for one character that was cut. */
export function cutCharacter(text: string): number {
  return /\uFFFD{0,3}$/.exec(text.slice(-3))?.[0].length ?? 0;
}
