import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertRate, MAX_TOKENS, TokenBucket } from "../../../../core/limits/token_bucket.ts";

const SECOND = 1_000;
const rates = fc.record({
  burst: fc.integer({ min: 1, max: 1_000 }),
  refillPerMinute: fc.integer({ min: 1, max: 100_000 }),
});

function takeAll(bucket: TokenBucket, nowMs: number): number {
  let taken = 0;
  while (bucket.take(nowMs)) taken++;
  return taken;
}

describe("a token bucket", () => {
  it("starts full and gives its burst, no more", () => {
    expect(takeAll(new TokenBucket({ burst: 7, refillPerMinute: 60 }, 0), 0)).toBe(7);
  });

  it("refills continuously, a token at a time", () => {
    const bucket = new TokenBucket({ burst: 2, refillPerMinute: 60 }, 0);
    takeAll(bucket, 0);
    expect(bucket.take(SECOND - 1)).toBe(false);
    expect(bucket.take(SECOND)).toBe(true);
    expect(bucket.take(SECOND)).toBe(false);
  });

  it("never holds more than its burst", () => {
    const bucket = new TokenBucket({ burst: 3, refillPerMinute: 600 }, 0);
    bucket.take(0);
    expect(bucket.tokensAt(3600 * SECOND)).toBe(3);
  });

  it("adds nothing when time runs backwards, and counts a time that runs twice once", () => {
    const bucket = new TokenBucket({ burst: 10, refillPerMinute: 60 }, 100 * SECOND);
    takeAll(bucket, 100 * SECOND);
    expect(bucket.tokensAt(40 * SECOND)).toBe(0);
    expect(bucket.tokensAt(100 * SECOND)).toBe(0);
    expect(bucket.tokensAt(101 * SECOND)).toBe(1);
  });

  it("says how long to wait, to the millisecond", () => {
    const bucket = new TokenBucket({ burst: 1, refillPerMinute: 7 }, 0);
    bucket.take(0);
    const wait = bucket.waitMsAt(0);
    expect(wait).toBe(8572);
    expect(bucket.take(wait - 1)).toBe(false);
    expect(bucket.take(wait)).toBe(true);
  });

  it("stays exact at the largest rates", () => {
    const bucket = new TokenBucket({ burst: MAX_TOKENS, refillPerMinute: MAX_TOKENS }, 0);
    bucket.take(0);
    expect(bucket.tokensAt(0)).toBe(MAX_TOKENS - 1);
    expect(bucket.tokensAt(Number.MAX_SAFE_INTEGER)).toBe(MAX_TOKENS);
  });

  it.each([0, -1, 1.5, NaN, Infinity, MAX_TOKENS + 1])("cannot be made at a rate of %s", (n) => {
    expect(() => assertRate({ burst: n, refillPerMinute: 1 })).toThrow(RangeError);
    expect(() => assertRate({ burst: 1, refillPerMinute: n })).toThrow(RangeError);
  });

  it("gives at most burst + refill · t, however it is asked", () => {
    const steps = fc.array(
      fc.record({ ms: fc.integer({ min: -5 * SECOND, max: 90 * SECOND }), takes: fc.nat(5) }),
      { maxLength: 60 },
    );
    fc.assert(fc.property(rates, steps, (rate, walk) => {
      const bucket = new TokenBucket(rate, 0);
      let now = 0;
      let furthest = 0;
      let given = 0;
      for (const step of walk) {
        now += step.ms;
        furthest = Math.max(furthest, now);
        for (let i = 0; i < step.takes; i++) if (bucket.take(now)) given++;
        const most = BigInt(rate.burst) * 60_000n +
          BigInt(rate.refillPerMinute) * BigInt(furthest);
        expect(BigInt(given) * 60_000n <= most).toBe(true);
      }
    }));
  });

  it("does not drift: looking often gives the same level as looking once", () => {
    const looks = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 300 });
    fc.assert(fc.property(rates, looks, (rate, pauses) => {
      const often = new TokenBucket(rate, 0);
      const once = new TokenBucket(rate, 0);
      takeAll(often, 0);
      takeAll(once, 0);
      let now = 0;
      for (const pause of pauses) often.tokensAt(now += pause);
      expect(often.waitMsAt(now)).toBe(once.waitMsAt(now));
      expect(often.tokensAt(now)).toBe(once.tokensAt(now));
      const later = now + 7 * SECOND;
      expect(takeAll(often, later)).toBe(takeAll(once, later));
    }));
  });

  it("can be taken from exactly when it said so", () => {
    fc.assert(fc.property(rates, fc.nat(10 * SECOND), (rate, pause) => {
      const bucket = new TokenBucket(rate, 0);
      takeAll(bucket, 0);
      takeAll(bucket, pause);
      const wait = bucket.waitMsAt(pause);
      expect(wait).toBeGreaterThan(0);
      expect(bucket.take(pause + wait)).toBe(true);
    }));
  });

  it("calls itself full exactly when a new one would not hold more", () => {
    fc.assert(fc.property(rates, fc.nat(200 * SECOND), (rate, later) => {
      const bucket = new TokenBucket(rate, 0);
      bucket.take(0);
      const full = bucket.isFullAt(later);
      expect(full).toBe(BigInt(later) * BigInt(rate.refillPerMinute) >= 60_000n);
      expect(bucket.tokensAt(later) === rate.burst).toBe(full);
    }));
  });
});
