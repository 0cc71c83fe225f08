import { fail, ok, type Result } from "../encoding/mod.ts";
import type { Clock } from "../ports/mod.ts";

/** What a breaker shows of itself. */
export type BreakerState = "disabled" | "closed" | "open" | "half-open";

/** When a breaker opens, and for how long. */
export interface BreakerSettings {
  /** Default true; a disabled breaker lets everything through. */
  readonly enabled?: boolean;
  /** Failures that open it. */
  readonly failureThreshold: number;
  /** Failures count together inside this time, in milliseconds; absent: however far apart they are. */
  readonly failureWindowMs?: number;
  /** Time until a probe is let through, in milliseconds. */
  readonly openTimeoutMs: number;
  /** Whether a success while closed forgets the failures before it; default false. */
  readonly successForgives?: boolean;
}

/** One change of state. */
export interface BreakerTransition {
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** What kind of failure opened it, when one did. */
  readonly failureKind?: string;
}

/** Why a breaker lets nothing through. */
export interface BreakerClosedDoor {
  /** Until a probe may go; while one is under way, the time a new one would take at the soonest. */
  readonly retryAfterMs: number;
}

/**
 * A circuit breaker: closed, open after too many failures, half-open while one probe decides.
 *
 * INVARIANT: while half-open at most one call is under way. Only the end of that probe moves the state; late ends
 * of calls that began before the breaker opened change nothing.
 *
 * @example
 * ```ts
 * const breaker = new Breaker(
 *   { failureThreshold: 1, openTimeoutMs: 1000 },
 *   { now: () => 0, monotonic: () => 0 },
 * );
 * const call = breaker.admit();
 * if (call.ok) call.value.fail("timeout");
 * breaker.state; // "open"
 * ```
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  readonly #clock: Clock;
  readonly #onTransition: ((transition: BreakerTransition) => void) | undefined;
  #state: BreakerState;
  #failures: number[] = [];
  #openedAt = 0;
  #probing = false;
  /** Counts openings: a call belongs to the period it began in. */
  #period = 0;

  constructor(
    settings: BreakerSettings,
    clock: Clock,
    onTransition?: (transition: BreakerTransition) => void,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onTransition = onTransition;
    this.#state = settings.enabled === false ? "disabled" : "closed";
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether nothing is held against the other side: such a breaker may be forgotten. */
  get spotless(): boolean {
    return this.#state === "disabled" || (this.#state === "closed" && this.#failures.length === 0);
  }

  /** Lets one call through, or says when to ask again. Whoever got a pass ends it, whatever happens. */
  admit(): Result<BreakerPass, BreakerClosedDoor> {
    if (this.#state === "open") {
      const left = this.#openedAt + this.#settings.openTimeoutMs - this.#clock.monotonic();
      if (left > 0) return fail({ retryAfterMs: Math.ceil(left) });
      this.#move("half-open");
    }
    if (this.#state === "half-open") {
      if (this.#probing) return fail({ retryAfterMs: this.#settings.openTimeoutMs });
      this.#probing = true;
    }
    return ok(this.#pass(this.#state === "half-open", this.#period));
  }

  #pass(probe: boolean, period: number): BreakerPass {
    let open = true;
    const end = (then: () => void): void => {
      if (!open) return;
      open = false;
      if (period !== this.#period || this.#state === "disabled") return;
      if (probe) this.#probing = false;
      then();
    };
    return {
      succeed: () => end(() => this.#succeeded(probe)),
      fail: (kind) => end(() => this.#failed(probe, kind)),
      cancel: () => end(() => undefined),
    };
  }

  #succeeded(probe: boolean): void {
    if (probe) {
      this.#period++;
      this.#failures = [];
      this.#move("closed");
    } else if (this.#settings.successForgives) this.#failures = [];
  }

  #failed(probe: boolean, kind: string): void {
    if (probe) return this.#open(kind);
    const now = this.#clock.monotonic();
    const since = now - (this.#settings.failureWindowMs ?? Infinity);
    this.#failures = this.#failures.filter((at) => at > since);
    this.#failures.push(now);
    if (this.#failures.length >= this.#settings.failureThreshold) this.#open(kind);
  }

  #open(kind: string): void {
    this.#period++;
    this.#failures = [];
    this.#openedAt = this.#clock.monotonic();
    this.#move("open", kind);
  }

  #move(to: BreakerState, failureKind?: string): void {
    const from = this.#state;
    this.#state = to;
    this.#onTransition?.({ from, to, ...(failureKind === undefined ? {} : { failureKind }) });
  }
}

/** One call under way. Exactly one of its ends counts, the first. */
export interface BreakerPass {
  succeed(): void;
  /** @param kind which kind of failure, for telemetry: `timeout`, `transport`, … */
  fail(kind: string): void;
  /** The call says nothing about the other side: it was cancelled, or its answer was a plain error. */
  cancel(): void;
}
