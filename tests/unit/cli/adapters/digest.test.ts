import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nativeDigest } from "../../../../cli/adapters/digest.ts";
import { portableDigest } from "../../../../core/encoding/mod.ts";

const data = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }));
const key = fc.oneof(fc.uint8Array({ maxLength: 130 }), fc.string({ maxLength: 130 }));

describe("the platform's digest", () => {
  it("hashes like the portable one", () => {
    const native = nativeDigest();
    fc.assert(fc.property(data, (input) => {
      expect(native.sha256Hex(input)).toBe(portableDigest.sha256Hex(input));
    }));
  });

  it("signs like the portable one, also with a key it has seen and with long keys", () => {
    const native = nativeDigest();
    fc.assert(fc.property(key, data, data, (secret, first, second) => {
      for (const input of [first, second, first]) {
        expect(native.hmacSha256Hex(secret, input)).toBe(
          portableDigest.hmacSha256Hex(secret, input),
        );
      }
    }));
  });

  it("gives the results of the standards", () => {
    const native = nativeDigest();
    expect(native.sha256Hex("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(native.hmacSha256Hex("Jefe", "what do ya want for nothing?")).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  it("keeps working when it is given more keys than it keeps", () => {
    const native = nativeDigest();
    for (let i = 0; i < 1_100; i++) native.hmacSha256Hex(`key ${i}`, "x");
    expect(native.hmacSha256Hex("key 1099", "x")).toBe(
      portableDigest.hmacSha256Hex("key 1099", "x"),
    );
  });
});
