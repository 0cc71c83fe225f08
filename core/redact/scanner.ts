import { nextAnchor, nextAnchorInString, patternsAt } from "./anchors.ts";
import { Blocks } from "./blocks.ts";
import { type Cover, CoverList, Renderer } from "./cover.ts";
import { cutCharacter, type Finder, type TextEnd } from "./finder.ts";
import { MARKER } from "./marker.ts";
import { QuotedValue } from "./quoted_value.ts";
import { Runs } from "./runs.ts";
import { LOOKBACK, type Opening, type RunOptions, type Scan } from "./scan.ts";

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
  readonly #finders: readonly Finder[];
  readonly #covers = new CoverList();
  readonly #runs = new Runs(this.#covers);
  readonly #blocks = new Blocks();
  readonly #renderer: Renderer;
  readonly #quoted: QuotedValue;
  #position: number;
  /** The anchor that is being judged, and how many patterns have judged it. */
  #anchor = -1;
  #judged = 0;
  /** Before this offset the finders' covers are known. */
  #known = 0;
  #lineStart = -1;
  #openLine: Cover | undefined;
  #marker = -1;
  /** Before this offset nothing is shown. */
  #front = 0;

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
    const broken = end === "cut" ? cutCharacter(piece) : 0;
    const length = this.text.length;
    this.text += piece.slice(0, piece.length - broken);
    this.final = end !== "more";
    this.openEnd = end === "cut";
    this.#marker = -1;
    this.#runs.read(this.text, this.final);
    if (this.#openLine !== undefined) this.#endLine(this.#openLine, length);
    this.#quoted.seek(this.text);
    this.#known = this.text.length;
    for (const finder of this.#finders) {
      this.#known = Math.min(this.#known, finder.advance(this.text, end));
    }
    this.#scan();
    return this.#render() + piece.slice(piece.length - broken);
  }

  /** Takes a whole text and what stood in front of it, which is looked at and not shown. */
  writeBehind(before: string, text: string, end: "whole" | "cut"): string {
    this.#front = before.length;
    return this.write(before + text, end);
  }

  #scan(): void {
    const { text } = this;
    const limit = this.#known;
    let i = this.#position;
    while (i < limit) {
      i = this.#quoted.isOpen ? nextAnchorInString(text, i, limit) : nextAnchor(text, i, limit);
      if (i >= limit || !this.#judge(text, i)) break;
      i++;
    }
    this.#position = Math.min(i, limit);
  }

  /** Asks the patterns at an anchor; false: one of them needs more text. */
  #judge(text: string, at: number): boolean {
    if (this.#quoted.isOpen) this.#quoted.see(text, at);
    if (this.#anchor !== at) {
      // What more text showed to be no anchor is not judged to the end.
      this.#anchor = at;
      this.#judged = 0;
    }
    const patterns = patternsAt(text, at);
    while (this.#judged < patterns.length) {
      if (patterns[this.#judged]?.match(this, at) !== true) return false;
      this.#judged++;
    }
    return true;
  }

  #render(): string {
    const { text } = this;
    if (this.final) {
      if (this.#front === 0) return this.#renderer.write(text, text.length);
      this.#renderer.write(text, this.#front);
      const begun = this.#renderer.isCovering ? MARKER : "";
      return begun + this.#renderer.write(text, text.length);
    }
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
    this.#anchor -= by;
    this.#known -= by;
    this.lineEnd -= by;
    this.#lineStart -= by;
    for (const one of [this.#runs, this.#quoted, this.#covers, this.#renderer]) one.shift(by);
    for (const finder of this.#finders) {
      finder.covers.shift(by);
      finder.shift(by);
    }
  }

  get dottedUntil(): number {
    return this.#runs.dottedUntil;
  }

  set dottedUntil(offset: number) {
    this.#runs.dottedUntil = offset;
  }

  runEnd(from: number, set: number): number {
    return this.#runs.end(from, set);
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

  coverRun(start: number, within: number, set: number, options?: RunOptions): void {
    this.#runs.cover(start, within, set, options);
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
      this.#openLine = undefined;
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
    return this.#blocks.isOpen;
  }

  openBlock(start: number, label: string): void {
    this.#blocks.open(label, () => this.#begin(start));
  }

  closeBlock(label: string, end: number): void {
    this.#blocks.close(label, end);
  }

  #begin(start: number): Cover {
    const cover: Cover = { start, end: Infinity, ifTouched: false };
    this.#covers.insert(cover);
    return cover;
  }
}
