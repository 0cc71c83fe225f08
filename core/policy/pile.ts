/**
 * A list that is filled and emptied over and over. Emptying an array gives its memory back and the next item has to
 * ask for it again, which costs more than everything else in a search; a pile keeps it.
 */
export class Pile<T> {
  count = 0;
  readonly #items: T[] = [];

  push(item: T): void {
    this.#items[this.count++] = item;
  }

  /** The item at a place below `count`. */
  at(place: number): T | undefined {
    return this.#items[place];
  }

  /** The items as a list of their own. */
  toArray(): T[] {
    return this.#items.slice(0, this.count);
  }

  clear(): void {
    this.count = 0;
  }
}
