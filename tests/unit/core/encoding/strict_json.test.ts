import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  fromHex,
  isJsonObject,
  JsonNumber,
  type JsonValue,
  parseJson,
  type Problem,
} from "../../../../core/encoding/mod.ts";
import { readVectors } from "./vectors.ts";

interface Vector {
  name: string;
  text?: string;
  hex?: string;
  canonical?: string;
  at?: string;
  pointer?: string;
  why?: string;
}

function parsed(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.reason[0]?.message);
  return result.value.value;
}

function problemsOf(text: string, options = {}): Problem[] {
  const result = parseJson(text, options);
  return result.ok ? [] : result.reason;
}

describe("the vectors", () => {
  const vectors = readVectors<Vector>("strict_json");
  it.each(vectors)("$name", ({ text, hex, canonical, at, pointer, why }) => {
    const bytes = hex === undefined ? new TextEncoder().encode(text) : fromHex(hex);
    const inputs = hex === undefined ? [bytes, text] : [bytes];
    for (const input of inputs) {
      const result = parseJson(input ?? "");
      if (canonical !== undefined) {
        expect(result.ok && canonicalJson(result.value.value)).toBe(canonical);
        continue;
      }
      const [problem, ...more] = result.ok ? [] : result.reason;
      expect(more).toEqual([]);
      expect(problem?.message).toContain(why);
      expect(`${problem?.position?.line}:${problem?.position?.column}`).toBe(at);
      expect(problem?.pointer).toBe(pointer);
    }
  });

  it("agree with the platform's parser about which documents are JSON at all", () => {
    // What we refuse on purpose though the platform reads it.
    const stricter = /twice|surrogate|deeper/;
    for (const { text, canonical, why = "", name } of vectors) {
      if (text === undefined || stricter.test(why)) continue;
      const accepts = () => JSON.parse(text);
      if (canonical === undefined) expect(accepts, name).toThrow();
      else expect(accepts, name).not.toThrow();
    }
  });
});

describe("a document that is read", () => {
  it("equals what the platform's parser makes of it, for any value and any white space", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const bytes = new TextEncoder().encode(text);
      expect(plain(parsed(text))).toEqual(JSON.parse(text));
      const fromBytes = parseJson(bytes);
      expect(fromBytes.ok && plain(fromBytes.value.value)).toEqual(JSON.parse(text));
    }));
  });

  it("survives any damage the way the platform's parser does: both refuse, or both read the same", () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom(...'{}[]",:\\u0019eE+-. \n\ttrfnl/'),
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), damage, (value, [at, cut, char]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        const damaged = text.slice(0, place) + char + text.slice(place + cut);
        const result = parseJson(damaged);
        let expected: unknown;
        try {
          expected = JSON.parse(damaged);
        } catch {
          expect(result.ok).toBe(false);
          return;
        }
        if (result.ok) expect(plain(result.value.value)).toEqual(expected);
        else expect(result.reason[0]?.message).toMatch(/twice|surrogate/);
      }),
      { numRuns: 500 },
    );
  });

  it("is frozen at every level", () => {
    const value = parsed('{"a":[{"b":[1.0]}]}');
    const everything = (part: unknown): unknown[] =>
      typeof part === "object" && part !== null
        ? [part, ...Object.values(part).flatMap(everything)]
        : [];
    expect(everything(value)).toHaveLength(5);
    expect(everything(value).every(Object.isFrozen)).toBe(true);
  });

  it("inherits nothing: dangerous names are members or absent", () => {
    const value = parsed('{"a":{}}');
    const inner = isJsonObject(value) ? value["a"] : undefined;
    expect(isJsonObject(inner)).toBe(true);
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
      expect(isJsonObject(inner) && inner[name]).toBeUndefined();
    }
    const hostile = parsed('{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}}}');
    expect(Object.keys(isJsonObject(hostile) ? hostile : {})).toEqual(["__proto__", "constructor"]);
    expect(isJsonObject(hostile) && hostile["polluted"]).toBeUndefined();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.get({}, "x")).toBeUndefined();
  });

  it("keeps the digits of numbers JavaScript would change, and only of those", () => {
    for (const source of ["9007199254740993", "1.0", "1e5", "-0.0", "1e400", "1E2"]) {
      expect(parsed(source)).toEqual(new JsonNumber(source));
    }
    expect(parsed("9007199254740992")).toBe(9007199254740992);
    expect(parsed("-12.75")).toBe(-12.75);
    expect(Object.is(parsed("-0"), -0)).toBe(true);
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(Object.is(parsed(JSON.stringify(number)), number === 0 ? 0 : number)).toBe(true);
    }));
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (number) => {
      expect(String(parsed(String(number)))).toBe(String(number));
    }));
  });
});

describe("problems", () => {
  it("come all at once where reading can go on", () => {
    const found = problemsOf('{"a":1,\n"a":2,"b":"\\ud800","c":{"d":1,"d":2}, x}', {
      file: "f.json",
    });
    expect(found.map(({ pointer, position }) => [pointer, position?.line, position?.column]))
      .toEqual([
        ["/a", 2, 1],
        ["/b", 2, 11],
        ["/c/d", 2, 31],
        ["", 2, 39],
      ]);
    expect(found.every(({ file }) => file === "f.json")).toBe(true);
  });

  it("are bounded in number and length, whatever the document holds", () => {
    const many = `{${'"a":1,'.repeat(5000)}"a":1}`;
    expect(problemsOf(many)).toHaveLength(50);
    const long = "x".repeat(20_000);
    const [problem] = problemsOf(`{"ok":{"${long}":1,"${long}":2}}`);
    expect(problem?.message.length).toBeLessThan(220);
    expect(problem?.pointer).toBe("/ok");
  });

  it("show no raw control character", () => {
    expect(problemsOf("\u001b[31m")[0]?.message).toContain("\\u{1b}");
  });

  it("name half a surrogate pair in text that never was bytes", () => {
    expect(problemsOf('{"a":\n"\ud800"}')).toEqual([{
      pointer: "",
      message: "Cannot read the document: half of a surrogate pair, expected well-formed text",
      position: { line: 2, column: 2 },
    }]);
  });
});

describe("options", () => {
  it("set the depth", () => {
    expect(parseJson("[[]]", { maxDepth: 2 }).ok).toBe(true);
    expect(parseJson("[[[]]]", { maxDepth: 2 }).ok).toBe(false);
    expect(parseJson('[{"a":[]},{"b":[]},[]]', { maxDepth: 3 }).ok).toBe(true);
  });

  it("set the depth only as far as the stack holds", () => {
    for (const [depth, good] of [[1000, true], [1001, false], [500_000, false]] as const) {
      const text = "[".repeat(depth) + "]".repeat(depth);
      expect(parseJson(text, { maxDepth: 1_000_000 }).ok).toBe(good);
    }
  });

  it("allow comments and trailing commas only when asked", () => {
    const text =
      '// one\n{ /* two */ "a": [1, 2,], // three\n "b": "// no /* comment */", }\n/* end */';
    const result = parseJson(text, { comments: true });
    expect(result.ok && canonicalJson(result.value.value)).toBe(
      '{"a":[1,2],"b":"// no /* comment */"}',
    );
    expect(result.ok && result.value.locate("/b")).toEqual({ line: 3, column: 2 });
    expect(parseJson(text).ok).toBe(false);
    for (const bad of ["[,]", "[1,,]", "{,}", "/* open", "1 /", "[1] x"]) {
      expect(parseJson(bad, { comments: true }).ok, bad).toBe(false);
    }
  });

  it("tell how many bytes the top-level members took as they were sent", () => {
    const text = '{"params": { "é": "😀\\u0041" } , "n":12,"context":{}}';
    for (const input of [text, new TextEncoder().encode(text)]) {
      const result = parseJson(input, { spans: true });
      if (!result.ok) throw new Error("refused");
      expect(result.value.memberBytes("params")).toBe(
        new TextEncoder().encode('{ "é": "😀\\u0041" }').length,
      );
      expect(result.value.memberBytes("n")).toBe(2);
      expect(result.value.memberBytes("context")).toBe(2);
      expect(result.value.memberBytes("é")).toBeUndefined();
    }
    const without = parseJson(text);
    expect(without.ok && without.value.memberBytes("n")).toBeUndefined();
  });
});

describe("locate", () => {
  const text = '{\n  "a": [10, {"b/c": true}],\n  "~": {"": null}\n}';
  it.each([
    ["", 1, 1],
    ["/a", 2, 3],
    ["/a/0", 2, 9],
    ["/a/1", 2, 13],
    ["/a/1/b~1c", 2, 14],
    ["/~0", 3, 3],
    ["/~0/", 3, 9],
  ])("finds %j", (pointer, line, column) => {
    const result = parseJson(text);
    expect(result.ok && result.value.locate(pointer)).toEqual({ line, column });
  });

  it.each(["/b", "/a/2", "/a/00", "/a/x", "/a/0/0", "a", "/~2"])(
    "finds nothing at %j",
    (pointer) => {
      const result = parseJson(text);
      expect(result.ok && result.value.locate(pointer)).toBeUndefined();
    },
  );

  it("finds what the platform's parser has there, in any document", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), (value) => {
      const text = JSON.stringify(value, null, 1);
      const result = parseJson(text);
      if (!result.ok) throw new Error("refused");
      const lines = text.split("\n");
      for (const name of Object.keys(value)) {
        const token = name.replaceAll("~", "~0").replaceAll("/", "~1");
        const at = result.value.locate(`/${token}`);
        const rest = lines[(at?.line ?? 0) - 1]?.slice((at?.column ?? 0) - 1);
        expect(rest?.startsWith(JSON.stringify(name))).toBe(true);
      }
    }));
  });
});

describe("a hostile document of a megabyte", () => {
  // Each of these would take minutes where a step looks back at everything read before it.
  it.each([
    ["brackets", "[".repeat(1_000_000), false],
    ["digits", "1".repeat(1_000_000), true],
    ["escapes", `"${"\\u0041".repeat(200_000)}"`, true],
    ["names", `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join(",")}}`, true],
    ["duplicates", `{${'"a":0,'.repeat(200_000)}"a":0}`, false],
    ["white space", " ".repeat(1_000_000), false],
  ])("of %s is read or refused at once", (_, text, good) => {
    expect(parseJson(text).ok).toBe(good);
  });
});

/** Our values as the platform's parser would have made them. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.source);
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: plain(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}
