import { nextAnchor, nextAnchorInString, patternsAt } from "./anchors.ts";
import { inSet, runEnd } from "./charset.ts";
import { type Cover, CoverList, Renderer } from "./cover.ts";
import { MARKER } from "./marker.ts";
import { QuotedValue } from "./quoted_value.ts";
import { LOOKBACK, type Opening, type RunOptions, type Scan } from "./scan.ts";

/** A source of covers besides the built-in patterns: secrets known by value, operators' patterns. */
export interface Finder {
  readonly covers: CoverList;
  /**
   * Reads on.
   *
   * @param end how the text ends: `more` may come, it is `whole`, or it was `cut`
   * @returns the offset before which all covers are known
   */
  advance(text: string, end: TextEnd): number;
  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void;
}

/** How a text ends. */
export type TextEnd = "more" | "whole" | "cut";

/** A run of characters that reached the end of the text that is there. */
interface OpenRun {
  readonly cover: Cover;
  readonly set: number;
  readonly dotted: boolean;
  at: number;
}

/** How many replacement characters at the end of a text stand for one character that was cut. */
export function cutCharacter(text: string): number {
  return /\uFFFD{0,3}$/.exec(text.slice(-3))?.[0].length ?? 0;
}

/** Blocks that are open at once; more of them and the rest of the text is covered. */
const MAX_BLOCKS = 64;
const DOT = 46;
const PLAIN_RUN: RunOptions = {};

/**
 * Reads a text once, from left to right, in one piece or in many, and writes it without its secrets.
 *
 * All patterns look at the original text and what they cover is united: none can hide a part of a
 * secret from another. What a scan does depends on the text alone, not on how it is cut into pieces.
 */
export class Scanner implements Scan {
  text = "";
  final = false;
  openEnd = false;
  lineEnd = -1;
  dottedUntil = -1;
  #lineStart = -1;
  readonly #finders: readonly Finder[];
  readonly #covers = new CoverList();
  readonly #renderer: Renderer;
  readonly #quoted: QuotedValue;
  readonly #runFrom = new Int32Array(16).fill(-1);
  readonly #runEnd = new Int32Array(16);
  #marker = -1;
  #position: number;
  /** How many patterns have judged the anchor at the position. */
  #judged = 0;
  /** Before this offset the finders' covers are known. */
  #known = 0;
  #openRuns: OpenRun[] = [];
  #openLine: Cover | undefined;
  #block: Cover | undefined;
  readonly #labels = new Set<string>();

  /** @param from where the first anchor stands, when that is known */
  constructor(finders: readonly Finder[], from = 0) {
    this.#finders = finders;
    this.#position = from;
    this.#renderer = new Renderer([this.#covers, ...finders.map(({ covers }) => covers)]);
    this.#quoted = new QuotedValue({
      begin: (start) => this.#begin(start),
      isHidden: (at, from) =>
        this.blockOpen || (at < this.lineEnd && this.#lineStart >= from) ||
        this.coveredElsewhere(at) !== false,
    });
  }

  /** Length of what has come and is not decided yet, in UTF-16 code units. */
  get undecided(): number {
    return this.text.length - this.#position;
  }

  /**
   * Takes the next piece and returns what can be said of the text so far.
   *
   * @param end how the text ends after this piece
   */
  write(piece: string, end: TextEnd): string {
    const length = this.text.length;
    const broken = end === "cut" ? cutCharacter(piece) : 0;
    this.text += piece.slice(0, piece.length - broken);
    this.final = end !== "more";
    this.openEnd = end === "cut";
    this.#runFrom.fill(-1);
    this.#marker = -1;
    this.#continue(length);
    this.#known = this.text.length;
    for (const finder of this.#finders) {
      this.#known = Math.min(this.#known, finder.advance(this.text, end));
    }
    this.#scan();
    return this.#render() + piece.slice(piece.length - broken);
  }

  #scan(): void {
    const { text } = this;
    const limit = this.#known;
    let i = this.#position;
    while (i < limit) {
      i = this.#quoted.isOpen ? nextAnchorInString(text, i, limit) : nextAnchor(text, i, limit);
      if (i >= limit) break;
      if (this.#quoted.isOpen) this.#quoted.see(text, i);
      const patterns = patternsAt(text, i);
      while (this.#judged < patterns.length && patterns[this.#judged]?.match(this, i) === true) {
        this.#judged++;
      }
      if (this.#judged < patterns.length) break;
      this.#judged = 0;
      i++;
    }
    this.#position = Math.min(i, limit);
  }

  #render(): string {
    const { text } = this;
    if (this.final) return this.#renderer.write(text, text.length);
    let limit = Math.max(Math.min(this.#position, this.#known) - LOOKBACK, this.#renderer.done);
    // A pair of surrogates stays together, so that each piece can be encoded on its own.
    if (limit > this.#renderer.done && (text.charCodeAt(limit - 1) & 0xfc00) === 0xd800) limit--;
    const out = this.#renderer.write(text, limit);
    this.#shift(limit);
    return out;
  }

  #shift(by: number): void {
    if (by === 0) return;
    this.text = this.text.slice(by);
    this.#position -= by;
    this.#known -= by;
    this.lineEnd -= by;
    this.#lineStart -= by;
    this.dottedUntil -= by;
    for (const run of this.#openRuns) run.at -= by;
    this.#covers.shift(by);
    for (const finder of this.#finders) {
      finder.covers.shift(by);
      finder.shift(by);
    }
    this.#renderer.shift(by);
    this.#quoted.shift(by);
  }

  /** Goes on with what was open when the text ended at `length`. */
  #continue(length: number): void {
    const line = this.#openLine;
    if (line !== undefined) {
      this.#openLine = undefined;
      this.#endLine(line, length);
    }
    const runs = this.#openRuns;
    this.#openRuns = [];
    for (const run of runs) {
      run.at = this.#endOfRun(run.at, run.set, run.dotted);
      if (this.#goesOn(run.at, run.dotted)) this.#openRuns.push(run);
      else run.cover.end = run.at;
    }
    this.#quoted.seek(this.text);
  }

  runEnd(from: number, set: number): number {
    const slot = 31 - Math.clz32(set);
    const end = this.#runEnd[slot] ?? 0;
    if ((this.#runFrom[slot] ?? -1) >= 0 && (this.#runFrom[slot] ?? 0) <= from && from <= end) {
      return end;
    }
    this.#runFrom[slot] = from;
    return this.#runEnd[slot] = runEnd(this.text, from, set);
  }

  markerAfter(from: number): number {
    if (this.#marker < from) {
      const found = this.text.indexOf(MARKER, from);
      this.#marker = found < 0 ? Infinity : found;
    }
    return this.#marker;
  }

  coveredElsewhere(at: number): boolean | undefined {
    if (at >= this.#known && !this.final) return undefined;
    return this.#finders.some(({ covers }) => covers.lies(at));
  }

  cover(start: number, end: number): void {
    this.#covers.add(start, end);
  }

  coverRun(start: number, within: number, set: number, options: RunOptions = PLAIN_RUN): void {
    const { dotted = false, ifTouched = false } = options;
    const end = this.#endOfRun(within, set, dotted);
    if (this.#goesOn(end, dotted)) {
      const cover = { start, end: Infinity, ifTouched };
      this.#covers.insert(cover);
      this.#openRuns.push({ cover, set, dotted, at: end });
    } else {
      this.#covers.add(start, end, ifTouched);
    }
  }

  #endOfRun(within: number, set: number, dotted: boolean): number {
    const { text } = this;
    let end = this.runEnd(within, set);
    if (!dotted) return end;
    while (text.charCodeAt(end) === DOT && inSet(text.charCodeAt(end + 1), set)) {
      end = this.runEnd(end + 1, set);
    }
    this.dottedUntil = Math.max(this.dottedUntil, end);
    return end;
  }

  /** Whether more text could make a run longer that ends here by now. */
  #goesOn(end: number, dotted: boolean): boolean {
    if (this.final) return false;
    const { text } = this;
    return end === text.length ||
      (dotted && end + 1 === text.length && text.charCodeAt(end) === DOT);
  }

  coverLine(start: number, within: number): void {
    if (within < this.lineEnd) return;
    this.#lineStart = start;
    this.#endLine(this.#begin(start), within);
  }

  #endLine(line: Cover, within: number): void {
    const newline = this.text.indexOf("\n", within);
    if (newline < 0) {
      this.#openLine = line;
      this.lineEnd = Infinity;
    } else {
      line.end = this.text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
      this.lineEnd = newline;
    }
  }

  coverQuoted(from: number, opening: Opening): void {
    this.#quoted.enter(this.text, from, opening);
  }

  inQuoted(at: number): boolean {
    return this.#quoted.holds(at);
  }

  get blockOpen(): boolean {
    return this.#block !== undefined;
  }

  openBlock(start: number, label: string): void {
    this.#block ??= this.#begin(start);
    if (this.#labels.size < MAX_BLOCKS) this.#labels.add(label);
    else this.#labels.add(""); // No END has an empty label: covered to the end of the text.
  }

  closeBlock(label: string, end: number): void {
    if (!this.#labels.delete(label) || this.#labels.size > 0 || this.#block === undefined) return;
    this.#block.end = end;
    this.#block = undefined;
  }

  #begin(start: number): Cover {
    const cover: Cover = { start, end: Infinity, ifTouched: false };
    this.#covers.insert(cover);
    return cover;
  }
}
