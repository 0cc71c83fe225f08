import { isQuote } from "./charset.ts";
import type { Cover } from "./cover.ts";
import { MAX_BACKSLASHES, type Opening } from "./scan.ts";

const BACKSLASH = 92;
const NEWLINE = 10;

/** What the follower of a quoted value does to the covers. */
export interface QuotedHost {
  /** Begins a cover whose end is not known. */
  begin(start: number): Cover;
  /** Whether text that is removed for another reason hides the offset from a string that began at `from`. */
  isHidden(at: number, from: number): boolean;
}

/**
 * Follows the string, or the array of strings, that is the value of a secret member. Works with any
 * depth of escaping: at depth n a quote has 2ⁿ−1 backslashes in front.
 */
export class QuotedValue {
  readonly #host: QuotedHost;
  #cover: Cover | undefined;
  #from = 0;
  #quote = 0;
  #backslashes = 0;
  #inArray = false;
  /** Where to go on looking for the next string of the array; -1: not between two strings. */
  #between = -1;
  #lastBackslash = -2;
  #run = 0;

  constructor(host: QuotedHost) {
    this.#host = host;
  }

  /** Begins with a string whose content starts at `from`, or with an array that does. */
  enter(text: string, from: number, opening: Opening): void {
    // A string of an array that was seen ahead, but did not begin: what stands here goes first.
    if (this.#cover !== undefined) this.#close(this.#cover.start);
    this.#between = -1;
    this.#inArray = opening.kind === "array";
    if (opening.kind === "array") {
      this.#between = from;
      this.seek(text);
    } else {
      this.#open(from, opening.quote, opening.backslashes);
    }
  }

  /** Whether a string is open. */
  get isOpen(): boolean {
    return this.#cover !== undefined;
  }

  /** Whether the offset lies in the open string. */
  holds(at: number): boolean {
    return this.#cover !== undefined && at >= this.#from;
  }

  /** Takes notice of a quote, a backslash or a newline at `at`; may end the string. */
  see(text: string, at: number): void {
    if (!this.holds(at)) return;
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      this.#run = this.#lastBackslash === at - 1 ? this.#run + 1 : 1;
      this.#lastBackslash = at;
      return;
    }
    const before = this.#lastBackslash === at - 1 ? this.#run : 0;
    const ends = code === NEWLINE ||
      (code === this.#quote && Math.floor(before / (this.#backslashes + 1)) % 2 === 0);
    // INVARIANT: the string ends where it would end if the rest were removed already.
    if (!ends || this.#host.isHidden(at, this.#from)) return;
    const end = code === NEWLINE
      ? at - (text.charCodeAt(at - 1) === 13 ? 1 : 0)
      : at - Math.min(before, this.#backslashes);
    this.#close(Math.max(end, this.#from));
    if (this.#inArray) {
      this.#between = at + 1;
      this.seek(text);
    }
  }

  /** Looks for the next string of the array, as far as the text goes. */
  seek(text: string): void {
    if (this.#between < 0) return;
    let i = this.#between;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      const escapes = code === BACKSLASH ? countBackslashes(text, i) : 0;
      if (i + escapes >= text.length) break;
      const next = text.charCodeAt(i + escapes);
      if (isQuote(next)) return this.#open(i + escapes + 1, next, escapes);
      const passes = escapes > 0 ? isEscapedBlank(next) : isBetween(code);
      if (!passes) {
        this.#between = -1;
        return;
      }
      i += escapes + 1;
    }
    this.#between = i;
  }

  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void {
    this.#from -= by;
    this.#lastBackslash -= by;
    if (this.#between >= 0) this.#between -= by;
  }

  #open(from: number, quote: number, backslashes: number): void {
    this.#between = -1;
    this.#cover = this.#host.begin(from);
    this.#from = from;
    this.#quote = quote;
    this.#backslashes = backslashes;
    this.#lastBackslash = -2;
  }

  #close(end: number): void {
    if (this.#cover !== undefined) this.#cover.end = end;
    this.#cover = undefined;
  }
}

function countBackslashes(text: string, from: number): number {
  let i = from;
  while (i < text.length && i - from <= MAX_BACKSLASHES && text.charCodeAt(i) === BACKSLASH) i++;
  return i - from;
}

/** The letter of an escaped newline, carriage return or tab. */
function isEscapedBlank(code: number): boolean {
  return code === 110 || code === 114 || code === 116;
}

/** Blanks, commas, and the characters of numbers and bare words. */
function isBetween(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || (code >= 43 && code <= 46) ||
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
