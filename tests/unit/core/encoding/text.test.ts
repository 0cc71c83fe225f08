import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  echo,
  encodeUtf8,
  foldCase,
  formatProblem,
  fromPointer,
  invisibleCharacter,
  lowerCase,
  toPointer,
  utf8Length,
} from "../../../../core/encoding/mod.ts";
import { positionAt } from "../../../../core/encoding/text_position.ts";
import { validUtf8Prefix } from "../../../../core/encoding/utf8.ts";

describe("a JSON pointer", () => {
  it("comes back from any path unchanged", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "/", "~", "0", "1") })),
        (path) => {
          expect(fromPointer(toPointer(path))).toEqual(path);
        },
      ),
    );
  });

  it("is refused where it is none", () => {
    for (const text of ["a", "~", "/~", "/~2", "/a~"]) expect(fromPointer(text)).toBeUndefined();
    expect(fromPointer("")).toEqual([]);
    expect(fromPointer("/")).toEqual([""]);
  });
});

describe("positionAt", () => {
  it.each([
    ["", 0, 1, 1],
    ["abc", 2, 1, 3],
    ["a\nb", 1, 1, 2],
    ["a\nb", 2, 2, 1],
    ["a\nb", 99, 2, 2],
    ["a\r\nb", 3, 2, 1],
    ["\n\n", 2, 3, 1],
    ["😀x", 2, 1, 3],
  ])("of %j at %d is %d:%d", (text, offset, line, column) => {
    expect(positionAt(text, offset)).toEqual({ line, column });
  });
});

describe("utf8Length", () => {
  it("counts what an encoder writes, for any part of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), fc.nat(20), (text, from, to) => {
        const [start, end] = [Math.min(from, text.length), Math.min(from + to, text.length)];
        expect(utf8Length(text, start, end)).toBe(encodeUtf8(text.slice(start, end)).length);
      }),
    );
    expect(utf8Length("a\ud800")).toBe(4);
  });
});

describe("validUtf8Prefix", () => {
  it("ends before the first byte that is wrong", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 6 }), (text, tail) => {
        const good = encodeUtf8(text);
        const bytes = Uint8Array.from([...good, ...tail]);
        const length = validUtf8Prefix(bytes);
        const decode = (part: Uint8Array) => new TextDecoder("utf-8", { fatal: true }).decode(part);
        expect(length).toBeGreaterThanOrEqual(good.length);
        expect(() => decode(bytes.subarray(0, length))).not.toThrow();
        for (let end = length + 1; end <= bytes.length; end++) {
          expect(() => decode(bytes.subarray(0, end))).toThrow();
        }
      }),
    );
  });
});

describe("invisibleCharacter", () => {
  it.each([
    ["NUL", "a\u0000", "U+0000"],
    ["DEL", "\u007f", "U+007F"],
    ["a C1 control", "\u0085", "U+0085"],
    ["a soft hyphen", "a\u00adb", "U+00AD"],
    ["a zero-width space", "\u200b", "U+200B"],
    ["a zero-width joiner", "\u200d", "U+200D"],
    ["a right-to-left override", "\u202e", "U+202E"],
    ["an isolate", "\u2066", "U+2066"],
    ["a word joiner", "\u2060", "U+2060"],
    ["a byte order mark", "\ufeff", "U+FEFF"],
    ["a line separator", "\u2028", "U+2028"],
    ["a variation selector", "x\ufe0f", "U+FE0F"],
    ["a Hangul filler", "\u3164", "U+3164"],
    ["a combining grapheme joiner", "\u034f", "U+034F"],
    ["a tag", "\u{e0041}", "U+E0041"],
    ["a lone surrogate", "\ud800", "U+D800"],
    ["an Arabic letter mark", "\u061c", "U+061C"],
    ["a Mongolian vowel separator", "\u180e", "U+180E"],
  ])("finds %s", (_, text, name) => {
    expect(invisibleCharacter(text)).toBe(name);
  });

  it.each(["", "plain ~", "é", "文件", "😀", "\u00a0", "\u3000", "e\u0301", "עברית"])(
    "lets %j pass",
    (text) => {
      expect(invisibleCharacter(text)).toBeUndefined();
    },
  );
});

describe("letter case", () => {
  it("is lowered alike in a text and in its parts", () => {
    const text = fc.string({ unit: fc.constantFrom("Σ", "Α", "İ", "ß", "K", "\u0307", ".", " ") });
    fc.assert(fc.property(text, text, (a, b) => {
      expect(lowerCase(a + b)).toBe(lowerCase(a) + lowerCase(b));
    }));
    expect(lowerCase("ΑΣ-ABC")).toBe("ασ-abc");
  });

  it("is folded the same for every spelling a file system might hold equal", () => {
    for (
      const [a, b] of [["ß", "SS"], ["K", "\u212a"], ["σ", "ς"], ["é", "E\u0301"], ["ı", "I"], [
        "ſ",
        "S",
      ]]
    ) {
      expect(foldCase(a ?? "")).toBe(foldCase(b ?? ""));
    }
    expect(foldCase("a")).not.toBe(foldCase("b"));
  });
});

describe("formatProblem", () => {
  it.each([
    [{ pointer: "", message: "m" }, "m"],
    [{ pointer: "/a", message: "m" }, "/a: m"],
    [{ pointer: "/a", message: "m", file: "f" }, "f: /a: m"],
    [{ pointer: "/a", message: "m", file: "f", position: { line: 1, column: 2 } }, "f:1:2: /a: m"],
    [{ pointer: "/a\n\u001b[2K", message: "m" }, "/a\\u{a}\\u{1b}[2K: m"],
  ])("writes %j", (problem, line) => {
    expect(formatProblem(problem)).toBe(line);
  });
});

describe("echo", () => {
  it("shortens and makes visible what could flood or forge a log", () => {
    expect(echo("a".repeat(200))).toBe(`${"a".repeat(120)}…`);
    expect(echo("a\nb\u202ec\u001b")).toBe("a\\u{a}b\\u{202e}c\\u{1b}");
    expect(echo("😀😀😀", 2)).toBe("😀😀…");
    expect(echo("ab", 2)).toBe("ab");
  });
});
