import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Canonicalizable,
  canonicalJson,
  compareUtf8,
  fingerprintJson,
  JsonNumber,
  type JsonValue,
  parseJson,
} from "../../../../core/encoding/mod.ts";

function read(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.reason[0]?.message);
  return result.value.value;
}

describe("canonicalJson", () => {
  it.each<[string, Canonicalizable, string]>([
    ["the published vector", { b: 1, a: "x", c: [true, 2] }, '{"a":"x","b":1,"c":[true,2]}'],
    ["nothing", null, "null"],
    ["members that are undefined", { a: undefined, b: 1, c: undefined }, '{"b":1}'],
    ["only members that are undefined", { a: undefined }, "{}"],
    [
      "integers in any order of magnitude",
      [0, -1, 2 ** 31, -(2 ** 31), 2 ** 53],
      [
        "[0,-1,2147483648,-2147483648,9007199254740992]",
      ].join(),
    ],
    ["minus zero", [-0], "[0]"],
    ["fractions", [0.5, -1.25, 1e-7], '["0.5","-1.25","1e-7"]'],
    ["an integer JavaScript writes with an exponent", [1e21], '["1e+21"]'],
    [
      "numbers that kept their digits",
      [new JsonNumber("1.0"), new JsonNumber("9007199254740993")],
      [
        '["1.0",9007199254740993]',
      ].join(),
    ],
    ["minus zero with a fraction", [new JsonNumber("-0.0")], '["-0.0"]'],
    ["what HTML minds", "</script>&", '"\\u003c/script\\u003e\\u0026"'],
    [
      "short and long escapes",
      '"\\\b\f\n\r\t\u0000\u001f\u007f',
      '"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007f"',
    ],
    ["line separators", "\u2028\u2029", '"\\u2028\\u2029"'],
    ["escapes in names", { "<": 1, '"': 2 }, '{"\\"":2,"\\u003c":1}'],
    ["a half pair from our own code, as UTF-8 makes it", "a\ud800b", '"a\ufffdb"'],
    ["an astral character", "😀", '"😀"'],
  ])("writes %s", (_, value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it("refuses what no document can hold", () => {
    for (const value of [NaN, Infinity, -Infinity, [NaN], { a: Infinity }]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
    // deno-lint-ignore no-sparse-arrays -- a hole is the subject
    expect(() => canonicalJson([1, , 2] as Canonicalizable[])).toThrow(TypeError);
    for (const value of [1n, () => 1, Symbol("x")]) {
      // A cast, because the types already refuse these.
      expect(() => canonicalJson(value as unknown as Canonicalizable)).toThrow(TypeError);
    }
  });

  it("agrees with a slow writer built differently, on any document", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(canonicalJson(read(text))).toBe(slowCanonical(JSON.parse(text)));
    }));
  });

  it("sorts any names by their bytes", () => {
    const name = fc.string({ unit: "binary" });
    fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 40 }), (names) => {
      const object = Object.fromEntries(names.map((name) => [name, 0]));
      expect(canonicalJson(object)).toBe(slowCanonical(object));
    }));
  });

  it("gives the same text however the members were ordered and the text was spaced", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.infiniteStream(fc.nat()),
        (value, order) => {
          const names = Object.keys(value).map((name) => ({ name, rank: order.next().value }))
            .toSorted((a, b) => a.rank - b.rank);
          const shuffled = names.map(({ name }) =>
            `${JSON.stringify(name)} : ${JSON.stringify(value[name])}`
          );
          expect(canonicalJson(read(`{ ${shuffled.join(" ,\n")} }`))).toBe(
            canonicalJson(read(JSON.stringify(value))),
          );
        },
      ),
    );
  });

  it("is settled after one round for every document without fractions", () => {
    const integers = fc.letrec((tie) => ({
      value: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), tie("list")),
      list: fc.oneof(fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
    })).list;
    fc.assert(fc.property(integers, (value) => {
      const once = canonicalJson(read(JSON.stringify(value)));
      expect(canonicalJson(read(once))).toBe(once);
    }));
  });
});

describe("fingerprintJson", () => {
  it.each([
    ["[1.5,1.50,1e2,-0,-0.0,0]", "[1.5,1.50,1e2,-0,-0.0,0]"],
    ['["1.5",9007199254740993]', '["1.5",9007199254740993]'],
    ['{"b":"<","a":1.0}', '{"a":1.0,"b":"\\u003c"}'],
  ])("keeps the numbers of %s as they were sent", (text, expected) => {
    expect(fingerprintJson(read(text))).toBe(expected);
  });

  it("tells any two different values apart", () => {
    const scalar = fc.constantFrom(
      "1",
      "1.0",
      "1e0",
      "10e-1",
      '"1"',
      '"1.0"',
      "0",
      "-0",
      "-0.0",
      "null",
      '""',
      "[]",
      "{}",
    );
    const document = fc.oneof(
      scalar,
      fc.array(scalar).map((items) => `[${items}]`),
      scalar.map((s) => `{"a":${s}}`),
    );
    fc.assert(
      fc.property(document, document, (a, b) => {
        expect(fingerprintJson(read(a)) === fingerprintJson(read(b))).toBe(a === b);
      }),
      { numRuns: 500 },
    );
  });
});

describe("compareUtf8", () => {
  it("orders like the bytes do", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}"),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(compareBytes(a, b)));
      }),
      { numRuns: 500 },
    );
  });
});

/** The canonical form by the book: bytes are compared as bytes, characters are looked at one by one. */
function slowCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(slowCanonical).join(",")}]`;
  if (typeof value === "string") return slowString(value);
  if (typeof value === "number") {
    const digits = JSON.stringify(value);
    return [...digits].some((c) => ".eE".includes(c)) ? `"${digits}"` : digits;
  }
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value);
  members.sort(([a], [b]) => compareBytes(a, b));
  return `{${members.map(([name, v]) => slowString(name) + ":" + slowCanonical(v)).join(",")}}`;
}

function slowString(text: string): string {
  const short: Record<string, string> = { "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t" };
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === "\\") out += "\\" + char;
    else if (short[char]) out += "\\" + short[char];
    else if (code < 32 || [0x3c, 0x3e, 0x26, 0x2028, 0x2029].includes(code)) {
      out += "\\u" + ("000" + code.toString(16)).slice(-4);
    } else out += char;
  }
  return out + '"';
}

function compareBytes(a: string, b: string): number {
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  if (at === -1) return x.length - y.length;
  return (x[at] ?? -1) - (y[at] ?? -1);
}
