import type { Draft } from "./draft.ts";

/** Events that are recorded together or not at all, and who waits for them. */
export interface Entry {
  readonly drafts: readonly Draft[];
  /** `before`: something waits for the record in order to happen; `after`: it happened already. */
  when: "before" | "after";
  /** Tells how it went; only the first call counts. */
  readonly settle: (outcome: "recorded" | "waiting" | "refused") => void;
}

/** Most entries that wait while the operator lets actions run without a record. */
const MAX_WAITING_OPEN = 10_000;

/** Events in the order they will have in the chain. */
export class EventQueue {
  #entries: Entry[] = [];
  #fresh = false;

  get length(): number {
    return this.#entries.length;
  }

  /** Whether entries came since it was last told that recording fails: they deserve an attempt of their own. */
  get fresh(): boolean {
    return this.#fresh;
  }

  push(entry: Entry): void {
    this.#fresh = true;
    this.#entries.push(entry);
  }

  /**
   * Takes whole entries off the front.
   *
   * @param events about how many events they should have together
   */
  take(events: number): readonly Entry[] {
    let taken = 0;
    const end = this.#entries.findIndex((entry) => (taken += entry.drafts.length) >= events);
    return this.#entries.splice(0, end === -1 ? this.#entries.length : end + 1);
  }

  /** Puts entries back where they were taken from. */
  putBack(entries: readonly Entry[]): void {
    this.#entries.unshift(...entries);
  }

  /**
   * Turns away who waits for a record; what happened already stays.
   *
   * @param failOpen nobody is turned away: all may go on and their events wait; the oldest give way when too many do
   * @returns how many were refused, how many given up
   */
  giveUp(failOpen: boolean): { readonly refused: number; readonly dropped: number } {
    const waiting = failOpen
      ? this.#entries
      : this.#entries.filter((entry) => entry.when === "after");
    const refused = this.#entries.length - waiting.length;
    for (const entry of this.#entries) {
      entry.settle(entry.when === "before" && !failOpen ? "refused" : "waiting");
    }
    for (const entry of waiting) entry.when = "after";
    // When nothing runs without a record, what waits is bounded by what was running.
    const dropped = failOpen ? Math.max(0, waiting.length - MAX_WAITING_OPEN) : 0;
    this.#entries = waiting.slice(dropped);
    this.#fresh = false;
    return { refused, dropped };
  }
}
