import type { Clock } from "../ports/mod.ts";
import { SEARCH_STEPS, Sweep, TEND_STEPS } from "./sweep.ts";

/** Who acts, under which trace. */
export interface TraceOwner {
  readonly principal: string;
  readonly agent: string;
  readonly traceId: string;
}

/** How long and how many traces are remembered. */
export interface TraceCounterSettings {
  /** Default ten minutes. */
  readonly idleMs?: number;
  /** Default 100,000. */
  readonly maxTraces?: number;
}

interface Trace {
  count: number;
  usedAt: number;
}

/** The count of a trace there was no room to remember: more than any threshold, since nobody knows. */
export const UNCOUNTED: number = Number.MAX_SAFE_INTEGER;

/**
 * Counts the actions of each (principal, agent, trace). A trace nobody used for ten minutes is forgotten.
 *
 * INVARIANT: bounded, and a trace in use is never forgotten; what finds no room counts as {@link UNCOUNTED}.
 */
export class TraceCounter {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #maxTraces: number;
  readonly #traces = new Map<string, Trace>();
  readonly #sweep = new Sweep(this.#traces);

  constructor(clock: Clock, settings: TraceCounterSettings = {}) {
    this.#clock = clock;
    this.#idleMs = settings.idleMs ?? 600_000;
    this.#maxTraces = settings.maxTraces ?? 100_000;
  }

  /** Traces remembered now. */
  get size(): number {
    return this.#traces.size;
  }

  /** Counts one action; the answer includes it. */
  count(owner: TraceOwner): number {
    const now = this.#clock.monotonic();
    this.#forgetIdle(TEND_STEPS, now);
    const key = keyOf(owner);
    const trace = this.#traces.get(key);
    if (trace !== undefined) {
      trace.count = this.#isIdle(trace, now) ? 1 : trace.count + 1;
      trace.usedAt = now;
      return trace.count;
    }
    if (this.#traces.size >= this.#maxTraces) this.#forgetIdle(SEARCH_STEPS, now);
    if (this.#traces.size >= this.#maxTraces) return UNCOUNTED;
    this.#traces.set(key, { count: 1, usedAt: now });
    return 1;
  }

  /** What `count` would answer, without counting. */
  peek(owner: TraceOwner): number {
    const now = this.#clock.monotonic();
    const trace = this.#traces.get(keyOf(owner));
    return trace === undefined || this.#isIdle(trace, now) ? 1 : trace.count + 1;
  }

  #isIdle(trace: Trace, now: number): boolean {
    return now - trace.usedAt >= this.#idleMs;
  }

  #forgetIdle(steps: number, now: number): void {
    this.#sweep.run(steps, (trace) => this.#isIdle(trace, now));
  }
}

function keyOf({ principal, agent, traceId }: TraceOwner): string {
  return `${principal.length}|${agent.length}|${principal}${agent}${traceId}`;
}
