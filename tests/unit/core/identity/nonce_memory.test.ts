import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NonceMemory } from "../../../../core/identity/nonce_memory.ts";

describe("the memory of nonces", () => {
  it("never takes a nonce of a signer twice, however the clock moves", () => {
    const step = fc.record({
      clockMs: fc.integer({ min: -400_000, max: 400_000 }),
      ago: fc.integer({ min: -320, max: 320 }),
      nonce: fc.constantFrom("a", "b", "c"),
      replay: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const memory = new NonceMemory(1_000);
        const taken = new Set<string>();
        let now = 1_700_000_000_000;
        let last = { seconds: 1_700_000_000, nonce: "a" };
        for (const { clockMs, ago, nonce, replay } of steps) {
          now += clockMs;
          if (!replay) last = { seconds: Math.floor(now / 1000) - ago, nonce };
          if (memory.use(last, ["agent x"], now) !== undefined) continue;
          const message = `${last.seconds} ${last.nonce}`;
          expect(taken.has(message)).toBe(false);
          taken.add(message);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("accepts every fresh nonce inside the window while the clock goes forward", () => {
    const step = fc.record({
      ms: fc.nat(200_000),
      ago: fc.integer({ min: -300, max: 300 }),
    });
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const memory = new NonceMemory(1_000);
      let now = 1_700_000_000_000;
      steps.forEach(({ ms, ago }, i) => {
        now += ms;
        const stamp = { seconds: Math.floor(now / 1000) - ago, nonce: `n${i}` };
        expect(memory.use(stamp, ["agent x"], now)).toBeUndefined();
      });
    }));
  });

  it("uses a nonce up for all signers of a request or for none", () => {
    const memory = new NonceMemory(10);
    const stamp = { seconds: 1_700_000_000, nonce: "n" };
    const now = 1_700_000_000_000;
    expect(memory.use(stamp, ["service s"], now)).toBeUndefined();
    expect(memory.use(stamp, ["agent a", "service s"], now)).toBe("nonce_reused");
    expect(memory.use(stamp, ["agent a"], now)).toBeUndefined();
  });
});
