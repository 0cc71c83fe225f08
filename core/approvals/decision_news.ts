/** Wakes those who wait for a decision that is made in this process. */
export class DecisionNews {
  readonly #waiting = new Map<string, Set<() => void>>();
  #closed = false;

  /** Whether nobody waits any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Wakes everybody who waits for this approval. */
  tell(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }

  /** Resolves when there is news, when the time is up or when the signal says so; never rejects. */
  next(id: string, ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wakers = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, wakers);
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        wakers.delete(wake);
        if (wakers.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener("abort", wake);
      wakers.add(wake);
    });
  }

  /** Wakes everybody, now and from now on. */
  close(): void {
    this.#closed = true;
    for (const id of [...this.#waiting.keys()]) this.tell(id);
  }
}
