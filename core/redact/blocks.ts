import type { Cover } from "./cover.ts";

/** Blocks that are open at once; with more of them the rest of the text is covered. */
const MAX_BLOCKS = 64;
/** No END has an empty label. */
const NEVER_CLOSED = "";

/** Follows armoured blocks, each from its BEGIN to its own END. */
export class Blocks {
  readonly #labels = new Set<string>();
  #cover: Cover | undefined;

  /** Whether a block is open. */
  get isOpen(): boolean {
    return this.#cover !== undefined;
  }

  /** @param begin begins a cover; called for the outermost block */
  open(label: string, begin: () => Cover): void {
    this.#cover ??= begin();
    this.#labels.add(this.#labels.size < MAX_BLOCKS ? label : NEVER_CLOSED);
  }

  /** Takes notice of an END; covers up to `end` when it was the last one that was missing. */
  close(label: string, end: number): void {
    if (!this.#labels.delete(label) || this.#labels.size > 0 || this.#cover === undefined) return;
    this.#cover.end = end;
    this.#cover = undefined;
  }
}
