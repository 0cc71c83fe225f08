/** Separates the segments of a resource. */
const SLASH = 0x2f;

/** The number of text that no pattern has. */
export const UNKNOWN = 0;

/**
 * Numbers the literal texts of patterns, and reads a resource as a row of such numbers in one pass over its
 * characters, without cutting it into strings.
 *
 * INVARIANT: a number stands for one text only. Hashes merely lead to it; the text is always compared, so that
 * nobody can pass for another segment by a hash.
 */
export class LiteralTable {
  readonly #ids = new Map<string, number>();
  /** By number; the first one is never used. */
  readonly #texts: string[] = [""];
  /** Open addressing: numbers at the places their hashes lead to. */
  #slots = new Int32Array(16);

  /** The number of a text, given on first use. */
  add(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#texts.length;
    this.#ids.set(text, id);
    this.#texts.push(text);
    if (this.#texts.length * 2 > this.#slots.length) this.#grow();
    else this.#place(id, text);
    return id;
  }

  /** The number of a whole text; {@link UNKNOWN} when no pattern has it. */
  idOf(text: string): number {
    return this.#ids.get(text) ?? UNKNOWN;
  }

  /** Reads a resource into a scan that is used again and again. */
  read(text: string, scan: SegmentScan): void {
    scan.text = text;
    scan.count = 0;
    let hash = 0;
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === SLASH) {
        scan.add(this.#find(hash, start, at, text), start);
        start = at + 1;
        hash = 0;
      } else {
        hash = (Math.imul(hash, MULTIPLIER) + unit) | 0;
      }
    }
    scan.add(this.#find(hash, start, text.length, text), start);
  }

  #find(hash: number, start: number, end: number, text: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = spread(hash) & mask;; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] ?? UNKNOWN;
      if (id === UNKNOWN) return UNKNOWN;
      const literal = this.#texts[id] ?? "";
      if (literal.length === end - start && text.startsWith(literal, start)) return id;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let id = 1; id < this.#texts.length; id++) this.#place(id, this.#texts[id] ?? "");
  }

  #place(id: number, text: string): void {
    let hash = 0;
    for (let at = 0; at < text.length; at++) {
      hash = (Math.imul(hash, MULTIPLIER) + text.charCodeAt(at)) | 0;
    }
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    while (this.#slots[slot] !== UNKNOWN) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }
}

const MULTIPLIER = 0x01000193;

/** Lets the high bits of a hash take part in choosing a slot. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** A text as segments: the number of each, and its own text where somebody asks for it. */
export interface Segments {
  readonly count: number;
  idAt(i: number): number;
  textAt(i: number): string;
}

/** The segments of a resource. */
export class SegmentScan implements Segments {
  text = "";
  count = 0;
  readonly #ids: number[] = [];
  readonly #starts: number[] = [];

  add(id: number, start: number): void {
    this.#ids[this.count] = id;
    this.#starts[this.count] = start;
    this.count++;
  }

  idAt(i: number): number {
    return this.#ids[i] ?? UNKNOWN;
  }

  textAt(i: number): string {
    const end = i + 1 < this.count ? (this.#starts[i + 1] ?? 0) - 1 : this.text.length;
    return this.text.slice(this.#starts[i], end);
  }
}

/** The tokens of an argument vector. */
export class TokenScan implements Segments {
  readonly count: number;
  readonly #tokens: readonly string[];
  readonly #table: LiteralTable;

  constructor(tokens: readonly string[], table: LiteralTable) {
    this.count = tokens.length;
    this.#tokens = tokens;
    this.#table = table;
  }

  idAt(i: number): number {
    return this.#table.idOf(this.textAt(i));
  }

  textAt(i: number): string {
    return this.#tokens[i] ?? "";
  }
}
