import { BareObject, type JsonNumber, type JsonValue, numberFromSource } from "./json_value.ts";
import {
  BACKSLASH,
  BAD_ESCAPE,
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  commentEnd,
  CONTROL_IN_STRING,
  DOT,
  duplicateName,
  ESCAPES,
  LINE_FEED,
  LONE_SURROGATE,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  LOWER_U,
  MINUS,
  NINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_STRING,
  QUOTE,
  RETURN,
  SLASH,
  SPACE,
  TAB,
  UPPER_E,
  ZERO,
} from "./json_syntax.ts";
import { echo } from "./problem.ts";

/** What is wrong at one offset of a JSON text, before lines and pointers are worked out. */
export interface Flaw {
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly message: string;
  /** The member at fault, when the offset is that of its name. */
  readonly name?: string;
}

/** Where the value of a top-level member stands, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a {@link JsonReader} reads. */
export interface ReaderOptions {
  readonly maxDepth: number;
  /** Also accepts comments and a comma after the last item. */
  readonly relaxed: boolean;
  /** Filled with the places of the top-level members. */
  readonly spans: Map<string, Span> | undefined;
}

/** At most this many flaws are collected from one document. */
export const MAX_FLAWS = 50;

/** A JavaScript number keeps every integer of at most this many digits. */
const EXACT_DIGITS = 15;

const FOUR_HEX = /^[0-9A-Fa-f]{4}$/;

/**
 * Reads one JSON text from its first character to its last, once, into frozen values.
 *
 * INVARIANT: every character is looked at a bounded number of times, whatever the text holds.
 */
export class JsonReader {
  /** What is wrong with the text; empty after a good read. */
  readonly flaws: Flaw[] = [];
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #relaxed: boolean;
  readonly #spans: Map<string, Span> | undefined;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: ReaderOptions) {
    this.#text = text;
    this.#maxDepth = options.maxDepth;
    this.#relaxed = options.relaxed;
    this.#spans = options.spans;
  }

  /** The document's value, or `undefined` when the text stopped making sense; then see `flaws`. */
  read(): JsonValue | undefined {
    this.#skipSpace();
    if (this.#at >= this.#text.length) return this.#stop("the document is empty");
    const value = this.#value();
    if (value === undefined) return undefined;
    this.#skipSpace();
    if (this.#at < this.#text.length) return this.#unexpected("the end of the document");
    return value;
  }

  #value(): JsonValue | undefined {
    const first = this.#text.charCodeAt(this.#at);
    switch (first) {
      case QUOTE:
        return this.#depth === 1 ? this.#ownString() : this.#string();
      case OPEN_BRACE:
        return this.#object();
      case OPEN_BRACKET:
        return this.#array();
      case LOWER_T:
        return this.#word("true", true);
      case LOWER_F:
        return this.#word("false", false);
      case LOWER_N:
        return this.#word("null", null);
    }
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number();
    return this.#unexpected("a value");
  }

  #object(): JsonValue | undefined {
    if (++this.#depth > this.#maxDepth) return this.#tooDeep();
    const members = new BareObject();
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== CLOSE_BRACE) {
      do {
        if (!this.#member(members)) return undefined;
      } while (this.#goesOn(CLOSE_BRACE));
      if (this.#text.charCodeAt(this.#at) !== CLOSE_BRACE) return this.#unexpected('"," or "}"');
    }
    this.#at++;
    this.#depth--;
    return Object.freeze(members);
  }

  #member(members: BareObject): boolean {
    const text = this.#text;
    const nameAt = this.#at;
    if (text.charCodeAt(nameAt) !== QUOTE) {
      this.#unexpected("a member name in double quotes");
      return false;
    }
    const name = this.#string();
    if (name === undefined) return false;
    this.#skipSpace();
    if (text.charCodeAt(this.#at) !== COLON) {
      this.#unexpected('":"');
      return false;
    }
    this.#at++;
    this.#skipSpace();
    const start = this.#at;
    const value = this.#value();
    if (value === undefined) return false;
    if (members[name] !== undefined) {
      this.#note({ offset: nameAt, message: duplicateName(name), name });
    } else {
      members[name] = value;
      if (this.#depth === 1) this.#spans?.set(name, { start, end: this.#at });
    }
    return true;
  }

  #array(): JsonValue | undefined {
    if (++this.#depth > this.#maxDepth) return this.#tooDeep();
    const items: JsonValue[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== CLOSE_BRACKET) {
      do {
        const item = this.#value();
        if (item === undefined) return undefined;
        items.push(item);
      } while (this.#goesOn(CLOSE_BRACKET));
      if (this.#text.charCodeAt(this.#at) !== CLOSE_BRACKET) return this.#unexpected('"," or "]"');
    }
    this.#at++;
    this.#depth--;
    return Object.freeze(items);
  }

  /** Steps over the comma between two items; false when there is none. */
  #goesOn(close: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== COMMA) return false;
    this.#at++;
    this.#skipSpace();
    return !(this.#relaxed && this.#text.charCodeAt(this.#at) === close);
  }

  #word<T extends JsonValue>(word: string, value: T): T | undefined {
    if (!this.#text.startsWith(word, this.#at)) return this.#unexpected("a value");
    this.#at += word.length;
    return value;
  }

  #number(): number | JsonNumber | undefined {
    const text = this.#text;
    const start = this.#at;
    const negative = text.charCodeAt(start) === MINUS;
    let at = negative ? start + 1 : start;
    const first = at;
    let value = 0;
    let digit = text.charCodeAt(at);
    while (digit >= ZERO && digit <= NINE) {
      value = value * 10 + (digit - ZERO);
      digit = text.charCodeAt(++at);
    }
    this.#at = at;
    if (at === first) return this.#unexpected("a digit");
    if (at - first > 1 && text.charCodeAt(first) === ZERO) {
      return this.#stop("a number has a leading zero", start);
    }
    if (digit === DOT || digit === LOWER_E || digit === UPPER_E) return this.#fraction(start);
    if (at - first > EXACT_DIGITS) return numberFromSource(text.slice(start, at));
    return negative ? -value : value;
  }

  /** Goes on with a number at its dot or exponent. */
  #fraction(start: number): number | JsonNumber | undefined {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === DOT) {
      this.#at++;
      if (!this.#digits()) return this.#unexpected("a digit after the decimal point");
    }
    const exponent = text.charCodeAt(this.#at);
    if (exponent === LOWER_E || exponent === UPPER_E) {
      this.#at++;
      const sign = text.charAt(this.#at);
      if (sign === "+" || sign === "-") this.#at++;
      if (!this.#digits()) return this.#unexpected("a digit in the exponent");
    }
    return numberFromSource(text.slice(start, this.#at));
  }

  #digits(): boolean {
    const from = this.#at;
    let unit = this.#text.charCodeAt(from);
    while (unit >= ZERO && unit <= NINE) unit = this.#text.charCodeAt(++this.#at);
    return this.#at > from;
  }

  /**
   * A string that does not keep the whole text alive: what an envelope names (ids, a resource) may be
   * remembered for long, and a plain slice would hold on to the body it was cut from.
   */
  #ownString(): string | undefined {
    const text = this.#string();
    return text === undefined ? undefined : ` ${text}`.slice(1);
  }

  #string(): string | undefined {
    const text = this.#text;
    const start = this.#at + 1;
    for (let at = start; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (unit === BACKSLASH) return this.#escapedString(start, at);
      if (unit < SPACE) return this.#stop(CONTROL_IN_STRING, at);
    }
    return this.#stop(OPEN_STRING, start - 1);
  }

  /** Goes on with a string at its first backslash. */
  #escapedString(start: number, backslash: number): string | undefined {
    const text = this.#text;
    let value = text.slice(start, backslash);
    let at = backslash;
    while (at < text.length) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        if (!value.isWellFormed()) this.#note({ offset: start - 1, message: LONE_SURROGATE });
        return value;
      }
      if (unit === BACKSLASH) {
        const escaped = this.#escape(at);
        if (escaped === undefined) return this.#stop(BAD_ESCAPE, at);
        value += escaped;
        at += text.charCodeAt(at + 1) === LOWER_U ? 6 : 2;
      } else if (unit < SPACE) {
        return this.#stop(CONTROL_IN_STRING, at);
      } else {
        const run = at++;
        for (; at < text.length; at++) {
          const next = text.charCodeAt(at);
          if (next === QUOTE || next === BACKSLASH || next < SPACE) break;
        }
        value += text.slice(run, at);
      }
    }
    return this.#stop(OPEN_STRING, start - 1);
  }

  #escape(backslash: number): string | undefined {
    const unit = this.#text.charCodeAt(backslash + 1);
    if (unit !== LOWER_U) return ESCAPES.get(unit);
    const digits = this.#text.slice(backslash + 2, backslash + 6);
    return FOUR_HEX.test(digits) ? String.fromCharCode(parseInt(digits, 16)) : undefined;
  }

  #skipSpace(): void {
    const text = this.#text;
    for (;;) {
      const unit = text.charCodeAt(this.#at);
      if (unit === SPACE || unit === LINE_FEED || unit === RETURN || unit === TAB) this.#at++;
      else if (!(this.#relaxed && unit === SLASH && this.#skipComment())) return;
    }
  }

  #skipComment(): boolean {
    const end = commentEnd(this.#text, this.#at);
    if (end === undefined) return false;
    this.#at = end;
    return true;
  }

  #unexpected(expected: string): undefined {
    const found = this.#text.codePointAt(this.#at);
    if (found === undefined) return this.#stop(`the document ends too early, expected ${expected}`);
    if (found === 0xfeff && this.#at === 0) return this.#stop(BYTE_ORDER_MARK);
    const shown = echo(String.fromCodePoint(found));
    return this.#stop(`unexpected character "${shown}", expected ${expected}`);
  }

  #tooDeep(): undefined {
    return this.#stop(`nested deeper than ${this.#maxDepth} levels`);
  }

  #stop(message: string, offset: number = this.#at): undefined {
    this.flaws.push({ offset, message });
    return undefined;
  }

  #note(flaw: Flaw): void {
    if (this.flaws.length < MAX_FLAWS) this.flaws.push(flaw);
  }
}
