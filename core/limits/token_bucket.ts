/** How much a bucket holds and how fast it fills. Whole numbers from 1 to {@link MAX_TOKENS}. */
export interface BucketRate {
  /** Tokens a full bucket holds. */
  readonly burst: number;
  readonly refillPerMinute: number;
}

/** The largest burst and refill: levels stay exact integers up to here. */
export const MAX_TOKENS = 1_000_000_000;

/**
 * Levels are counted in thirds of a micro-token: in this unit one millisecond adds exactly `50 · refillPerMinute`, so a
 * level is an integer at every moment and never drifts, however often it is looked at.
 */
const UNITS_PER_TOKEN = 3_000_000;
const UNITS_PER_MS = 50;

/** Reads a monotonic clock in whole milliseconds, the only time that buckets know. */
export function wholeMs(monotonicMs: number): number {
  return Math.floor(monotonicMs);
}

/**
 * Checks a rate before buckets are made of it.
 *
 * @throws {RangeError} when burst or refill is no whole number from 1 to {@link MAX_TOKENS}
 */
export function assertRate(rate: BucketRate): BucketRate {
  for (const value of [rate.burst, rate.refillPerMinute]) {
    if (!Number.isInteger(value) || value < 1 || value > MAX_TOKENS) {
      throw new RangeError(`Cannot fill a bucket at ${value}, expected 1 to ${MAX_TOKENS}`);
    }
  }
  return rate;
}

/**
 * A token bucket: starts full, refills continuously, up to its burst.
 *
 * INVARIANT: in any time t it gives at most `burst + refillPerMinute · t` tokens. Time that runs backwards
 * adds nothing, and what ran twice is counted once.
 */
export class TokenBucket {
  readonly #rate: BucketRate;
  #level: number;
  #atMs: number;

  /** @param nowMs monotonic time in whole milliseconds */
  constructor(rate: BucketRate, nowMs: number) {
    this.#rate = rate;
    this.#level = rate.burst * UNITS_PER_TOKEN;
    this.#atMs = nowMs;
  }

  /** Whole tokens that can be taken now. */
  tokensAt(nowMs: number): number {
    this.#refill(nowMs);
    return Math.floor(this.#level / UNITS_PER_TOKEN);
  }

  /** Takes one token, or none when there is none. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#level < UNITS_PER_TOKEN) return false;
    this.#level -= UNITS_PER_TOKEN;
    return true;
  }

  /** Milliseconds until there is a token to take, rounded up; 0 when there is one. */
  waitMsAt(nowMs: number): number {
    this.#refill(nowMs);
    const missing = UNITS_PER_TOKEN - this.#level;
    return missing <= 0 ? 0 : Math.ceil(missing / (this.#rate.refillPerMinute * UNITS_PER_MS));
  }

  /** Whether the bucket is as good as new, so that forgetting it gives nobody a token. */
  isFullAt(nowMs: number): boolean {
    const missing = this.#rate.burst * UNITS_PER_TOKEN - this.#level;
    return (nowMs - this.#atMs) * this.#rate.refillPerMinute * UNITS_PER_MS >= missing;
  }

  /** Monotonic time of the last use, in milliseconds. */
  get lastUsedMs(): number {
    return this.#atMs;
  }

  #refill(nowMs: number): void {
    const elapsed = nowMs - this.#atMs;
    if (elapsed <= 0) return;
    const capacity = this.#rate.burst * UNITS_PER_TOKEN;
    // Exact up to 2^53; a larger product is rounded, but it is then above any capacity anyway.
    const gained = elapsed * this.#rate.refillPerMinute * UNITS_PER_MS;
    this.#level = gained >= capacity - this.#level ? capacity : this.#level + gained;
    this.#atMs = nowMs;
  }
}
