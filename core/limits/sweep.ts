/** Entries looked at on every use of a table, to drop the idle ones little by little. */
export const TEND_STEPS = 2;
/** Entries looked at when a table has no room. */
export const SEARCH_STEPS = 64;

/** A hand that goes round a table and drops what may go: constant time per use, no pauses, no timer. */
export class Sweep<V> {
  readonly #table: Map<string, V>;
  #hand: Iterator<[string, V]>;

  constructor(table: Map<string, V>) {
    this.#table = table;
    this.#hand = table.entries();
  }

  /**
   * Looks at some entries, from where it stopped last time, none of them twice.
   *
   * @param mayGo whether an entry is dropped
   */
  run(steps: number, mayGo: (value: V) => boolean): void {
    for (let left = Math.min(steps, this.#table.size); left > 0; left--) {
      let next = this.#hand.next();
      if (next.done) {
        this.#hand = this.#table.entries();
        next = this.#hand.next();
        if (next.done) return;
      }
      const [key, value] = next.value;
      if (mayGo(value)) this.#table.delete(key);
    }
  }
}
