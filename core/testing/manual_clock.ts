import type { Clock } from "../ports/mod.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  wallMs: number;
  monotonicMs: number;

  constructor(wallMs = 1_700_000_000_000, monotonicMs = 0) {
    this.wallMs = wallMs;
    this.monotonicMs = monotonicMs;
  }

  now(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return this.monotonicMs;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.wallMs += ms;
    this.monotonicMs += ms;
  }
}
