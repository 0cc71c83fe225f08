import { createHash, createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  constantTimeEqual,
  fromHex,
  paramsHash,
  parseJson,
  portableDigest,
  toHex,
} from "../../../../core/encoding/mod.ts";

describe("paramsHash", () => {
  it("gives the published vector", () => {
    expect(paramsHash({ b: 1, a: "x", c: [true, 2] })).toBe(
      "04ceb95b6eab660e1db5b4cf9e1d8ad320a4772a2a22775bb679d53daabd84f2",
    );
  });

  it("hashes what was parsed, not how it was written", () => {
    const hash = (text: string) => {
      const parsed = parseJson(text);
      return parsed.ok ? paramsHash(parsed.value.value) : undefined;
    };
    expect(hash('{ "c":[true,2], "\\u0061":"x", "b":1 }')).toBe(
      hash('{"b":1,"a":"x","c":[true,2]}'),
    );
    expect(hash('{"a":9007199254740993}')).not.toBe(hash('{"a":9007199254740992}'));
    expect(hash('{"a":1.0}')).not.toBe(hash('{"a":1}'));
  });

  it("takes the digest it is given", () => {
    const digest = { ...portableDigest, sha256Hex: (data: string | Uint8Array) => `of ${data}` };
    expect(paramsHash({ a: 1 }, digest)).toBe('of {"a":1}');
  });
});

describe("portableDigest", () => {
  it("agrees with the platform on any text, any bytes and any key", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.uint8Array({ maxLength: 200 }),
        (text, bytes) => {
          expect(portableDigest.sha256Hex(text)).toBe(
            createHash("sha256").update(text).digest("hex"),
          );
          expect(portableDigest.sha256Hex(bytes)).toBe(
            createHash("sha256").update(bytes).digest("hex"),
          );
          const mac = (key: string | Uint8Array, data: string | Uint8Array) =>
            createHmac("sha256", key).update(data).digest("hex");
          expect(portableDigest.hmacSha256Hex(text, bytes)).toBe(mac(text, bytes));
          expect(portableDigest.hmacSha256Hex(bytes, text)).toBe(mac(bytes, text));
        },
      ),
    );
  });

  it("agrees with the platform on sizes around a block", () => {
    for (const size of [0, 55, 56, 63, 64, 65, 127, 128, 100_000]) {
      const bytes = randomBytes(size);
      expect(portableDigest.sha256Hex(bytes)).toBe(
        createHash("sha256").update(bytes).digest("hex"),
      );
    }
  });
});

describe("constantTimeEqual", () => {
  it("is equality, for any two texts", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\u0000", "é"), maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(a === b);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([["", ""], ["secret", "secret"]])("accepts %j and %j", (a, b) => {
    expect(constantTimeEqual(a, b)).toBe(true);
  });

  it.each([["", "a"], ["a", ""], ["a", "a\u0000"], ["a\u0000", "a"], ["ab", "ba"], ["a", "A"]])(
    "refuses %j and %j",
    (a, b) => expect(constantTimeEqual(a, b)).toBe(false),
  );
});

describe("hex", () => {
  it("comes back from bytes unchanged", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }));
    expect(fromHex("DEADbeef")).toEqual(Uint8Array.of(0xde, 0xad, 0xbe, 0xef));
  });

  it.each(["a", "0g", "0x", " 00", "00 ", "é0", "+1"])("is refused when it is %j", (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});
