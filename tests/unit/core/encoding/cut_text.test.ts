import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, decodeUtf8Lossy, encodeUtf8 } from "../../../../core/encoding/mod.ts";

describe("cutText", () => {
  it.each([
    ["abc", {}, "abc", false],
    ["", { maxBytes: 0, maxLines: 0 }, "", false],
    ["abc", { maxBytes: 3 }, "abc", false],
    ["abc", { maxBytes: 2 }, "ab", true],
    ["abc", { maxBytes: 0 }, "", true],
    ["äöü", { maxBytes: 5 }, "äö", true],
    ["€€", { maxBytes: 5 }, "€", true],
    ["a😀", { maxBytes: 4 }, "a", true],
    ["a😀", { maxBytes: 5 }, "a😀", false],
    ["a\nb\nc", { maxLines: 2 }, "a\nb\n", true],
    ["a\nb\n", { maxLines: 2 }, "a\nb\n", false],
    ["a\nb", { maxLines: 2 }, "a\nb", false],
    ["a\nb", { maxLines: 0 }, "", true],
    ["\n\n\n", { maxLines: 2 }, "\n\n", true],
    ["a\r\nb\r\nc", { maxLines: 1 }, "a\r\n", true],
    ["aa\nbb\ncc", { maxBytes: 4, maxLines: 2 }, "aa\nb", true],
    ["aa\nbb\ncc", { maxBytes: 100, maxLines: 1 }, "aa\n", true],
  ])("cuts %j to %j as %j", (text, caps, expected, truncated) => {
    expect(cutText(text, caps)).toEqual({ text: expected, truncated });
  });

  it("keeps as many whole characters as fit, for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(60), (text, maxBytes) => {
      const cut = cutText(text, { maxBytes });
      const bytes = encodeUtf8(cut.text).length;
      expect(text.startsWith(cut.text)).toBe(true);
      expect(bytes).toBeLessThanOrEqual(maxBytes);
      expect(cut.text.isWellFormed()).toBe(true);
      const next = String.fromCodePoint(text.codePointAt(cut.text.length) ?? 0);
      if (cut.truncated) expect(bytes + encodeUtf8(next).length).toBeGreaterThan(maxBytes);
      else expect(cut.text).toBe(text);
    }));
  });
});

describe("decodeUtf8Lossy", () => {
  it("shows what cannot be decoded as the replacement character and keeps a byte order mark", () => {
    expect(decodeUtf8Lossy(Uint8Array.of(0x61, 0xff, 0xc3, 0x62))).toBe("a\ufffd\ufffdb");
    expect(decodeUtf8Lossy(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
  });
});
