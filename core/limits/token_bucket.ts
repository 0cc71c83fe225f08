/** How much a bucket holds and how fast it fills. Whole numbers from 1 to {@link MAX_TOKENS}. */
export interface BucketRate {
  /** Tokens a full bucket holds. */
  readonly burst: number;
  readonly refillPerMinute: number;
}

/** The largest burst and refill: levels stay exact integers up to here. */
export const MAX_TOKENS = 100_000_000;

/**
 * Sixtieths of a micro-token: in this unit one microsecond adds exactly `refillPerMinute`, so a level is an
 * integer at every moment and never drifts, however often it is looked at.
 */
const UNITS_PER_TOKEN = 60_000_000;

/** Reads a monotonic clock as whole microseconds. */
export function microsecondsOf(monotonicMs: number): number {
  return Math.floor(monotonicMs * 1000);
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
  #atUs: number;

  /** @param nowUs monotonic time in microseconds */
  constructor(rate: BucketRate, nowUs: number) {
    this.#rate = rate;
    this.#level = rate.burst * UNITS_PER_TOKEN;
    this.#atUs = nowUs;
  }

  /** Whole tokens that can be taken now. */
  tokensAt(nowUs: number): number {
    this.#refill(nowUs);
    return Math.floor(this.#level / UNITS_PER_TOKEN);
  }

  /** Takes one token, or none when there is none. */
  take(nowUs: number): boolean {
    this.#refill(nowUs);
    if (this.#level < UNITS_PER_TOKEN) return false;
    this.#level -= UNITS_PER_TOKEN;
    return true;
  }

  /** Milliseconds until there is a token to take, rounded up; 0 when there is one. */
  waitMsAt(nowUs: number): number {
    this.#refill(nowUs);
    const missing = UNITS_PER_TOKEN - this.#level;
    return missing <= 0 ? 0 : Math.ceil(missing / (this.#rate.refillPerMinute * 1000));
  }

  /** Whether the bucket is as good as new, so that forgetting it gives nobody a token. */
  isFullAt(nowUs: number): boolean {
    const missing = this.#rate.burst * UNITS_PER_TOKEN - this.#level;
    return (nowUs - this.#atUs) * this.#rate.refillPerMinute >= missing;
  }

  /** Monotonic time of the last use, in microseconds. */
  get lastUsedUs(): number {
    return this.#atUs;
  }

  #refill(nowUs: number): void {
    const elapsed = nowUs - this.#atUs;
    if (elapsed <= 0) return;
    const capacity = this.#rate.burst * UNITS_PER_TOKEN;
    // Exact up to 2^53; a larger product is rounded, but it is then above any capacity anyway.
    const gained = elapsed * this.#rate.refillPerMinute;
    this.#level = gained >= capacity - this.#level ? capacity : this.#level + gained;
    this.#atUs = nowUs;
  }
}
