/** A number of slots; nobody waits for one. */
export class Semaphore {
  readonly #slots: number;
  #taken = 0;

  /** @param slots how many may be held at once */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Slots held now. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a slot.
   *
   * @returns what gives it back (once, however often it is called), or `undefined` when all are taken
   */
  tryTake(): (() => void) | undefined {
    if (this.#taken >= this.#slots) return undefined;
    this.#taken++;
    let held = true;
    return () => {
      if (held) this.#taken--;
      held = false;
    };
  }
}
