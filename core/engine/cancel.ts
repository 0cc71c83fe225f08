/** Cancels what runs: one action when its caller goes away, all of them when Nomos ends. */
export class Cancels {
  readonly #active = new Set<AbortController>();
  #ended = false;

  /** Whether everything was cancelled. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Cancels everything that runs, and whatever begins later. */
  endAll(): void {
    this.#ended = true;
    for (const controller of this.#active) controller.abort();
  }

  /** A signal for one action, made when it is first asked for: most actions end without anybody looking. */
  scope(outer: AbortSignal): CancelScope {
    return new CancelScope(outer, this.#active, () => this.#ended);
  }
}

/** The signal of one action. */
export class CancelScope {
  readonly #outer: AbortSignal;
  readonly #active: Set<AbortController>;
  readonly #ended: () => boolean;
  #controller: AbortController | undefined;
  #onOuter: (() => void) | undefined;

  constructor(outer: AbortSignal, active: Set<AbortController>, ended: () => boolean) {
    this.#outer = outer;
    this.#active = active;
    this.#ended = ended;
  }

  /** Aborted when the caller went away or Nomos ends. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = this.#controller = new AbortController();
      if (this.#outer.aborted || this.#ended()) controller.abort();
      this.#active.add(controller);
      this.#onOuter = () => controller.abort();
      this.#outer.addEventListener("abort", this.#onOuter, { once: true });
    }
    return this.#controller.signal;
  }

  /** The action ended: nobody listens any more. */
  close(): void {
    if (this.#controller === undefined) return;
    this.#active.delete(this.#controller);
    if (this.#onOuter) this.#outer.removeEventListener("abort", this.#onOuter);
  }
}
