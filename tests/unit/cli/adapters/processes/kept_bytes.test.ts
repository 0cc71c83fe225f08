import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeptBytes } from "../../../../../cli/adapters/processes/kept_bytes.ts";

describe("kept bytes", () => {
  it("are the beginning of what came, whatever the pieces", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 12 });
    fc.assert(fc.property(pieces, fc.nat({ max: 20_000 }), (all, limit) => {
      const kept = new KeptBytes(limit);
      for (const piece of all) {
        const lent = piece.slice();
        kept.take(lent);
        lent.fill(0xee);
      }
      const whole = Uint8Array.from(all.flatMap((piece) => [...piece]));
      expect(kept.bytes).toEqual(whole.subarray(0, limit));
      expect(kept.cut).toBe(whole.length > limit);
    }));
  });

  it("are not cut when they fit exactly, nor by nothing", () => {
    const kept = new KeptBytes(2);
    kept.take(Uint8Array.of(1, 2));
    kept.take(new Uint8Array());
    expect(kept.cut).toBe(false);
    kept.take(Uint8Array.of(3));
    expect(kept.cut).toBe(true);
    expect([...kept.bytes]).toEqual([1, 2]);
  });
});
