/** Something that is given up when it takes too long. */
interface Watch {
  readonly dueMs: number;
  readonly onLate: () => void;
}

/**
 * Watches many things that may all take the same time, with one timer between them: a timer for each request would
 * cost more than reading the request.
 */
export class Deadlines {
  readonly timeoutMs: number;
  /** In the order they fall due, because each may take the same time. */
  readonly #watches = new Set<Watch>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param timeoutMs milliseconds each thing may take */
  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /**
   * Calls back once the time is up.
   *
   * @returns ends the watch
   */
  watch(onLate: () => void): () => void {
    const watch: Watch = { dueMs: performance.now() + this.timeoutMs, onLate };
    this.#watches.add(watch);
    if (this.#timer === undefined) this.#arm(this.timeoutMs);
    return () => this.#watches.delete(watch);
  }

  #arm(ms: number): void {
    const timer: unknown = this.#timer = setTimeout(() => this.#ring(), ms);
    // Where runtimes have it: a process that is otherwise done does not stay for this.
    if (isUnrefable(timer)) timer.unref();
  }

  #ring(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const watch of this.#watches) {
      if (watch.dueMs > now) return this.#arm(Math.ceil(watch.dueMs - now));
      this.#watches.delete(watch);
      watch.onLate();
    }
  }
}

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer;
}
