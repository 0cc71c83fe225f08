/** Counts the requests that are being answered, for whoever must wait until none is. */
export class OpenRequests {
  #count = 0;
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /**
   * Waits until nothing is open.
   *
   * @returns false when something still was after `graceMs` milliseconds
   */
  async idle(graceMs: number): Promise<boolean> {
    if (this.#count === 0) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([late, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    clearTimeout(timer);
    return this.#count === 0;
  }
}
