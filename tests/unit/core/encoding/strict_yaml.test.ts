import { stringify } from "yaml";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  isJsonObject,
  type ParsedDocument,
  parseDocument,
  parseJson,
  parseYaml,
  type Problem,
} from "../../../../core/encoding/mod.ts";

async function read(text: string | Uint8Array): Promise<ParsedDocument> {
  const result = await parseYaml(text);
  if (!result.ok) throw new Error(result.reason.map((problem) => problem.message).join());
  return result.value;
}

async function problemsOf(text: string | Uint8Array, options = {}): Promise<Problem[]> {
  const result = await parseYaml(text, options);
  return result.ok ? [] : result.reason;
}

describe("a YAML document", () => {
  it.each([
    ["plain scalars", "a: x y\nb: true\nc: False\nd: null\ne: ~\nf:\ng: yes\nh: 2001-01-01", {
      a: "x y",
      b: true,
      c: false,
      d: null,
      e: null,
      f: null,
      g: "yes",
      h: "2001-01-01",
    }],
    ["quoted scalars", `a: "1\\u0041\\n"\nb: '1'\nc: "null"`, { a: "1A\n", b: "1", c: "null" }],
    ["block scalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", { a: "x\ny\n", b: "x y" }],
    ["flow style", '{a: [1, {b: c}], "d": []}', { a: [1, { b: "c" }], d: [] }],
    ["comments and markers", "# one\n--- # two\n- a # three\n...\n# four\n", ["a"]],
    ["a scalar alone", "x", "x"],
    ["null alone", "null", null],
    ["an explicit key", "? a\n: b\n? c", { a: "b", c: null }],
    ["quoted keys that look like something else", `"1": a\n'true': b\n"<<": c`, {
      1: "a",
      true: "b",
      "<<": "c",
    }],
    ["Windows line ends", "a: 1\r\nb:\r\n  - x\r\n", { a: 1, b: ["x"] }],
    ["octal-looking text", "a: 0b1\nb: 1_000\nc: 1:30\nd: 0xg", {
      a: "0b1",
      b: "1_000",
      c: "1:30",
      d: "0xg",
    }],
  ])("reads %s", async (_, text, expected) => {
    expect((await read(text)).value).toEqual(expected);
  });

  it("has the same canonical form as its JSON twin, whatever is in it", async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      // Written through JSON, so that both readers see the same digits.
      const json = JSON.stringify(value);
      const parsed = parseJson(json);
      if (!parsed.ok) throw new Error(json);
      const yaml = stringify(JSON.parse(json), { version: "1.2", aliasDuplicateObjects: false });
      expect(canonicalJson((await read(yaml)).value)).toBe(canonicalJson(parsed.value.value));
    }));
  });

  it("keeps the digits of numbers as JSON does", async () => {
    const list = "[0, -0, 1, 1.0, 1.50, 1e5, 1E+5, -12.75, 9007199254740993, 1e400]";
    const parsed = parseJson(list);
    expect(canonicalJson((await read(list)).value)).toBe(
      parsed.ok ? canonicalJson(parsed.value.value) : "",
    );
  });

  it("is frozen and inherits nothing", async () => {
    const { value } = await read("__proto__: {x: 1}\nconstructor: [a]");
    expect(Object.isFrozen(value)).toBe(true);
    expect(isJsonObject(value) && Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(isJsonObject(value) && value["x"]).toBeUndefined();
    expect(isJsonObject(value) && Object.isFrozen(value["constructor"])).toBe(true);
  });
});

describe("what JSON cannot say", () => {
  it.each([
    ["an anchor", "a: &x 1", "anchor", "/a", "1:7"],
    ["an anchor on nothing", "a: &x", "anchor", "/a", "1:6"],
    ["an anchor on a key", "&x a: 1", "anchor", "", "1:4"],
    ["an alias", "a: b\nc: *x", "alias", "/c", "2:4"],
    ["an alias as key", "*x : 1", "alias", "", "1:1"],
    ["a merge key", "- <<: {a: 1}", "merge", "/0", "1:3"],
    ["a standard tag", "a: !!str 1", "tag", "/a", "1:10"],
    ["a binary tag", "a: !!binary aGk=", "tag", "/a", "1:13"],
    ["a custom tag", "a: !env HOME", "tag", "/a", "1:9"],
    ["a tag on a map", "!!map {a: 1}", "tag", "", "1:7"],
    ["the bare tag", "a: ! x", "tag", "/a", "1:6"],
    ["a version directive", "%YAML 1.1\n---\nyes: no", "directive", "", "1:1"],
    ["a tag directive", "%TAG ! x:\n---\na: 1", "directive", "", "1:1"],
    ["a second document", "a: 1\n---\nb: 1", "second document", "", "2:1"],
    ["a second empty document", "a: 1\n---\n", "second document", "", "2:1"],
    ["a number as key", "a:\n  1: x", "not a string", "/a", "2:3"],
    ["a boolean as key", "true: x", "not a string", "", "1:1"],
    ["null as key", "~: x", "not a string", "", "1:1"],
    ["no key", ": x", "not a string", "", "1:1"],
    ["a list as key", "? [a]\n: b", "not a string", "", "1:4"],
    ["a hexadecimal number", "a: 0x10", "number", "/a", "1:4"],
    ["an octal number", "a: 0o17", "number", "/a", "1:4"],
    ["a leading zero", "a: [007]", "number", "/a/0", "1:5"],
    ["a leading plus", "a: +1", "number", "/a", "1:4"],
    ["no digit before the point", "a: .5", "number", "/a", "1:4"],
    ["no digit after the point", "a: 5.", "number", "/a", "1:4"],
    ["infinity", "a: .inf", "number", "/a", "1:4"],
    ["minus infinity", "a: -.INF", "number", "/a", "1:4"],
    ["not a number", "a: .nan", "number", "/a", "1:4"],
    ["a duplicate key", "a: 1\nb: 2\na: 3", "twice", "/a", "3:1"],
    ["a duplicate key in other quotes", 'x: {a: 1, "\\u0061": 2}', "twice", "/x/a", "1:11"],
    ["a duplicate key without value", "a:\na:", "twice", "/a", "2:1"],
    ["half a surrogate pair", 'a: "\\ud800"', "surrogate", "/a", "1:4"],
    ["a byte order mark", "\ufeffa: 1", "byte order mark", "", "1:1"],
    ["nothing", "", "empty", "", "1:1"],
    ["only a comment", "# x\n", "empty", "", "1:1"],
    ["only a marker", "---\n", "empty", "", "1:1"],
    ["a control character", "a: \u0007", "control", "", "1:4"],
    ["a carriage return alone", "a: 1\rb: 2", "control", "", "1:5"],
    ["a tab as indentation", "a:\n\t- b", "Tabs", "", "2:1"],
    ["an open flow map", "{a: 1", "Flow map", "", "1:6"],
    ["an open quote", 'a: "x', "quote", "", "1:6"],
    ["two values on a line", "a: b: c", "Nested", "", "1:4"],
    ["a reserved character", "a: @x", "reserved", "", "1:4"],
  ])("is refused: %s", async (_, text, why, pointer, at) => {
    const [problem] = await problemsOf(text, { file: "f.yaml" });
    expect(problem?.message).toContain(why);
    expect(problem?.pointer).toBe(pointer);
    expect(`${problem?.position?.line}:${problem?.position?.column}`).toBe(at);
    expect(problem?.file).toBe("f.yaml");
  });

  it("is refused all at once", async () => {
    const found = await problemsOf("a: &x 1\nb: *x\nc: 0x1\nc: !t 2\n1: 3");
    expect(found.map(({ position }) => position?.line)).toEqual([1, 2, 3, 4, 4, 5]);
  });

  it("is refused in bounded words", async () => {
    const many = Array.from({ length: 200 }, () => "- &x a").join("\n");
    expect(await problemsOf(many)).toHaveLength(50);
    const [problem] = await problemsOf(`? !${"t".repeat(5000)} x`);
    expect(problem?.message.length).toBeLessThan(250);
  });

  it("is refused in bytes that are not UTF-8, at the first of them", async () => {
    const [problem] = await problemsOf(Uint8Array.of(0x61, 0x3a, 0x0a, 0x20, 0xff));
    expect(problem).toMatchObject({ pointer: "", position: { line: 2, column: 2 } });
  });
});

describe("nesting", () => {
  it.each([
    ["flow", (n: number) => "[".repeat(n) + "]".repeat(n)],
    ["block", (n: number) => "- ".repeat(n - 1) + "[]"],
    ["maps", (n: number) => "{a: ".repeat(n - 1) + "{}" + "}".repeat(n - 1)],
  ])("of 64 levels passes and of 65 does not, in %s style", async (_, nested) => {
    expect(await problemsOf(nested(64))).toEqual([]);
    const [problem] = await problemsOf(nested(65));
    expect(problem?.message).toContain("deeper than 64");
    expect(await problemsOf(nested(65), { maxDepth: 65 })).toEqual([]);
  });

  it("that exhausts the library is a problem like any other", async () => {
    for (const text of ["[".repeat(10_000), "- ".repeat(10_000), "{a: ".repeat(10_000)]) {
      expect((await problemsOf(text)).length).toBeGreaterThan(0);
    }
  });
});

describe("locate", () => {
  it.each([
    ["", { line: 1, column: 1 }],
    ["/rules", { line: 1, column: 1 }],
    ["/rules/0", { line: 2, column: 5 }],
    ["/rules/0/x", { line: 3, column: 5 }],
    ["/rules/0/x/y~1z", { line: 4, column: 7 }],
    ["/rules/1/id", { line: 5, column: 5 }],
    ["/rules/2", undefined],
    ["/rules/01", undefined],
    ["/rules/x", undefined],
    ["/other", undefined],
    ["/rules/0/id/deeper", undefined],
    ["rules", undefined],
  ])("finds %j", async (pointer, expected) => {
    const document = await read("rules:\n  - id: a\n    x:\n      y/z: 1\n  - id: b");
    expect(document.locate(pointer)).toEqual(expected);
  });
});

describe("parseDocument", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it.each([
    ["a.yaml", "a: 1", true],
    ["a.YML", "a: 1", true],
    ["a.json", "a: 1", false],
    ["a.json", '{"a":1}', true],
    ["a.json", '{"a":1,}', false],
    ["a.JSONC", '{"a":1, /* x */}', true],
    ["yaml", "a: 1", false],
    ["-", '{"a":1}', true],
  ])("reads %j by its extension: %j is accepted: %j", async (file, text, good) => {
    const result = await parseDocument(bytes(text), { file });
    expect(result.ok).toBe(good);
    if (result.ok) expect(canonicalJson(result.value.value)).toBe('{"a":1}');
    else expect(result.reason.every((problem) => problem.file === file)).toBe(true);
  });

  it("refuses a file above its limit without reading it", async () => {
    const atLimit = await parseDocument(bytes("[1]"), { file: "a.json", maxBytes: 3 });
    expect(atLimit.ok).toBe(true);
    const above = await parseDocument(bytes("[1]?"), { file: "a.json", maxBytes: 3 });
    expect(above.ok ? [] : above.reason.map(({ message }) => message)).toEqual([
      "Cannot read the file: it has 4 bytes, expected at most 3",
    ]);
  });

  it("hands the depth on to either reader", async () => {
    for (const file of ["a.json", "a.yaml"]) {
      expect((await parseDocument(bytes("[[]]"), { file, maxDepth: 1 })).ok).toBe(false);
      expect((await parseDocument(bytes("[[]]"), { file, maxDepth: 2 })).ok).toBe(true);
    }
  });
});
