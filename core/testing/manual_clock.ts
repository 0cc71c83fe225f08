import type { Clock } from "../ports/mod.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  /** What `now` tells. */
  wallMs: number;
  /** What `monotonic` tells. */
  monotonicMs: number;

  /** Starts at the given times. */
  constructor(wallMs = 1_700_000_000_000, monotonicMs = 0) {
    this.wallMs = wallMs;
    this.monotonicMs = monotonicMs;
  }

  /** The wall time that was set. */
  now(): number {
    return this.wallMs;
  }

  /** The monotonic time that was set. */
  monotonic(): number {
    return this.monotonicMs;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.wallMs += ms;
    this.monotonicMs += ms;
  }
}
