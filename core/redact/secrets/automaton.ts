/**
 * Finds many strings at once in one pass (Aho and Corasick, 1975): the time does not depend on how
 * many there are, nor on what an attacker wrote into the text.
 */
export class Automaton {
  /** Per node: its code unit, its first child and next sibling, 0: none. Node 0 is the root. */
  readonly #codes: Uint16Array;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  /** Per node: the node of its longest proper suffix that begins a string as well. */
  readonly #fail: Int32Array;
  /** Per node: length of the longest string that ends here; 0: none. */
  readonly #found: Int32Array;
  readonly #depths: Int32Array;
  #nodes = 1;
  /** By the low bytes of two code units in a row: 1 when a string may begin with them. */
  readonly #starts = new Uint8Array(65_536);
  /** The root's children by code unit; those beyond Latin-1 are few. */
  readonly #fromRoot = new Int32Array(256);
  readonly #wideFromRoot = new Map<number, number>();
  /** Length of the longest string, in UTF-16 code units. */
  readonly longest: number;

  /** @param strings what to find, each of two code units or more */
  constructor(strings: readonly string[]) {
    this.longest = strings.reduce((max, string) => Math.max(max, string.length), 0);
    const size = strings.reduce((sum, string) => sum + string.length, 1);
    this.#codes = new Uint16Array(size);
    this.#firstChild = new Int32Array(size);
    this.#nextSibling = new Int32Array(size);
    this.#fail = new Int32Array(size);
    this.#found = new Int32Array(size);
    this.#depths = new Int32Array(size);
    for (const string of strings) this.#insert(string);
    this.#link();
  }

  /** The state after one more code unit. The state before the first one is 0. */
  step(state: number, code: number): number {
    let at = state;
    while (at !== 0) {
      const child = this.#child(at, code);
      if (child !== 0) return child;
      at = this.#fail[at] ?? 0;
    }
    return code < 256 ? this.#fromRoot[code] ?? 0 : this.#wideFromRoot.get(code) ?? 0;
  }

  /** The first offset from `from` on at which a string may begin, or the text's length. */
  skip(text: string, from: number): number {
    const starts = this.#starts;
    const last = text.length - 1;
    let code = text.charCodeAt(from) & 255;
    for (let i = from; i < last; i++) {
      const next = text.charCodeAt(i + 1) & 255;
      if (starts[code << 8 | next] !== 0) return i;
      code = next;
    }
    return Math.max(from, last);
  }

  /** Length of the longest string that ends in this state, or 0. */
  found(state: number): number {
    return this.#found[state] ?? 0;
  }

  /** How many of the last code units begin a string. */
  depth(state: number): number {
    return this.#depths[state] ?? 0;
  }

  #child(node: number, code: number): number {
    let child = this.#firstChild[node] ?? 0;
    while (child !== 0 && this.#codes[child] !== code) child = this.#nextSibling[child] ?? 0;
    return child;
  }

  #insert(string: string): void {
    const first = (string.charCodeAt(0) & 255) << 8;
    // The second one may stand after a line break that does not count.
    for (const next of [string.charCodeAt(1) & 255, 10, 13]) this.#starts[first | next] = 1;
    let node = 0;
    for (let i = 0; i < string.length; i++) {
      const code = string.charCodeAt(i);
      node = this.#child(node, code) || this.#grow(node, code);
    }
    this.#found[node] = string.length;
  }

  #grow(parent: number, code: number): number {
    const node = this.#nodes++;
    this.#codes[node] = code;
    this.#nextSibling[node] = this.#firstChild[parent] ?? 0;
    this.#firstChild[parent] = node;
    this.#depths[node] = (this.#depths[parent] ?? 0) + 1;
    return node;
  }

  /** Sets each node's longest proper suffix that begins a string as well, level by level. */
  #link(): void {
    const queue: number[] = [];
    for (let node = this.#firstChild[0] ?? 0; node !== 0; node = this.#nextSibling[node] ?? 0) {
      const code = this.#codes[node] ?? 0;
      if (code < 256) this.#fromRoot[code] = node;
      else this.#wideFromRoot.set(code, node);
      queue.push(node);
    }
    for (const parent of queue) {
      let node = this.#firstChild[parent] ?? 0;
      for (; node !== 0; node = this.#nextSibling[node] ?? 0) {
        const fail = this.step(this.#fail[parent] ?? 0, this.#codes[node] ?? 0);
        this.#fail[node] = fail;
        this.#found[node] = Math.max(this.#found[node] ?? 0, this.#found[fail] ?? 0);
        queue.push(node);
      }
    }
  }
}
