import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ActionType, ParamReader } from "../../../../core/actions/mod.ts";
import { fsRead } from "../../../../core/actions/fs_read.ts";
import { fsWrite } from "../../../../core/actions/fs_write.ts";
import { repoApplyPatch } from "../../../../core/actions/repo_apply_patch.ts";
import { JsonNumber, type JsonObject } from "../../../../core/encoding/mod.ts";
import { SETTINGS } from "../../../support/perform.ts";

const RESOURCE = "file://workspace/f";

function problems(type: ActionType, params: JsonObject, maxWriteBytes = 100): string[] {
  const parsed = type.parse(params, RESOURCE, { ...SETTINGS, maxWriteBytes });
  return parsed.ok ? [] : parsed.reason.map(({ pointer, message }) => `${pointer} ${message}`);
}

const PATCH = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";

describe("params that are taken", () => {
  const good: readonly (readonly [ActionType, JsonObject])[] = [
    [fsRead, {}],
    [fsRead, { offset_line: 1, limit_lines: 1 }],
    [fsRead, { offset_line: 9_007_199_254_740_991 }],
    [fsWrite, { content: "" }],
    [fsWrite, { content: "x".repeat(100), encoding: "utf8" }],
    [fsWrite, { content: "aGk=", encoding: "base64" }],
    [fsWrite, { content: "", encoding: "base64" }],
    [repoApplyPatch, { path: "f", content: "" }],
    [repoApplyPatch, { path: "d\\f", content: "x" }],
    [repoApplyPatch, { patch: PATCH }],
  ];
  for (const [type, params] of good) {
    it(`${type.name} ${JSON.stringify(params).slice(0, 60)}`, () => {
      expect(problems(type, params)).toEqual([]);
      expect(new Validator(schemaOf(type)).validate(params).valid).toBe(true);
    });
  }
});

describe("params that are refused", () => {
  const bad: readonly (readonly [ActionType, JsonObject, readonly string[]])[] = [
    [fsRead, { path: "x" }, [
      '/params/path Cannot take member "path": unknown, expected offset_line, limit_lines',
    ]],
    [fsRead, { ["__proto__"]: 1 }, ["/params/__proto__ "]],
    [fsRead, { offset_line: 0 }, [
      '/params/offset_line Cannot use "offset_line": 0, expected a whole number from 1',
    ]],
    [fsRead, { offset_line: 1.5, limit_lines: "2" }, [
      "/params/offset_line",
      "/params/limit_lines",
    ]],
    [fsRead, { offset_line: null }, ['/params/offset_line Cannot use "offset_line": null']],
    [fsRead, { offset_line: new JsonNumber("1e3") }, ["/params/offset_line"]],
    [fsRead, { limit_lines: -0 }, ["/params/limit_lines"]],
    [fsWrite, {}, ['/params/content Cannot do without member "content"']],
    [fsWrite, { content: 1 }, ["/params/content"]],
    [fsWrite, { content: null }, ["/params/content"]],
    [fsWrite, { content: "x".repeat(101) }, [
      "/params/content Cannot write the content: 101 bytes, expected at most 100",
    ]],
    [fsWrite, { content: "ä".repeat(51) }, ["/params/content Cannot write the content: 102 bytes"]],
    [fsWrite, { content: "", encoding: "latin1" }, [
      '/params/encoding Cannot use "encoding": another text, expected "utf8" or "base64"',
    ]],
    [fsWrite, { content: "aGk", encoding: "base64" }, ["/params/content Cannot decode"]],
    [fsWrite, { content: "aGl=", encoding: "base64" }, ["/params/content Cannot decode"]],
    [fsWrite, { content: "aG k", encoding: "base64" }, ["/params/content Cannot decode"]],
    [fsWrite, { content: "aG-_", encoding: "base64" }, ["/params/content Cannot decode"]],
    [fsWrite, { content: "A".repeat(136), encoding: "base64" }, [
      "/params/content Cannot write the content: 102 bytes",
    ]],
    [repoApplyPatch, {}, ["/params/path", "/params/content"]],
    [repoApplyPatch, { path: "f" }, ["/params/content"]],
    [repoApplyPatch, { path: "../f", content: "" }, [
      "/params/path Cannot use the path: the path has",
    ]],
    [repoApplyPatch, { path: "/f", content: "" }, [
      "/params/path Cannot use the path: the path is absolute",
    ]],
    [repoApplyPatch, { path: "", content: "" }, [
      "/params/path Cannot use the path: the path is empty",
    ]],
    [repoApplyPatch, { path: "C:\\f", content: "" }, ["/params/path"]],
    [repoApplyPatch, { path: "f", content: "x".repeat(101) }, ["/params/content"]],
    [repoApplyPatch, { patch: PATCH, path: "f" }, ['/params/patch Cannot use "patch" beside']],
    [repoApplyPatch, { patch: PATCH.replace("+b", `+${"b".repeat(100)}`) }, [
      "/params/patch Cannot write the patch: 101 bytes",
    ]],
    [repoApplyPatch, { patch: "x" }, ["/params/patch Cannot use the patch at line 1"]],
    [repoApplyPatch, { patch: {} }, ["/params/patch"]],
  ];
  for (const [type, params, wishes] of bad) {
    it(`${type.name} ${JSON.stringify(params).slice(0, 60)}`, () => {
      const found = problems(type, params);
      expect(found.length).toBe(wishes.length);
      wishes.forEach((wish, i) => expect(found[i]).toContain(wish));
    });
  }

  it("are told without their text, which may be a secret", () => {
    const secret = "hunter2hunter2";
    const told = [
      problems(fsRead, { offset_line: secret }),
      problems(fsWrite, { content: secret, encoding: secret }),
      problems(fsWrite, { content: secret, encoding: "base64" }),
    ].flat().join();
    expect(told).not.toContain(secret);
  });
});

describe("the published schema and the parser", () => {
  const value = fc.oneof(
    fc.constantFrom("", "f", "a/b", "aGk=", "utf8", "base64", PATCH),
    fc.integer({ min: -2, max: 3 }),
    fc.constantFrom(null, true, [], {}),
  );
  // Mostly the type's own members, so that the parser takes some of what it gets.
  const paramsOf = (type: ActionType) => {
    const own = Object.keys(schemaOf(type)["properties"] ?? {});
    return fc.dictionary(fc.constantFrom(...own, ...own, "other"), value, { maxKeys: 3 });
  };
  for (const type of [fsRead, fsWrite, repoApplyPatch] as readonly ActionType[]) {
    it(`of ${type.name} agree: what the parser takes is valid`, () => {
      const validator = new Validator(schemaOf(type));
      let taken = 0;
      fc.assert(
        fc.property(paramsOf(type), (sent) => {
          const parses = problems(type, sent).length === 0;
          const valid = validator.validate(sent).valid;
          if (parses) expect(valid).toBe(true);
          // The schema cannot tell what stands in a text.
          else if (valid) {
            expect(Object.values(sent).some((one) => typeof one === "string")).toBe(true);
          }
          if (parses) taken++;
        }),
        { numRuns: 1_000 },
      );
      expect(taken).toBeGreaterThan(0);
    });
  }
});

function schemaOf(type: ActionType): Record<string, unknown> {
  return JSON.parse(JSON.stringify(type.paramsSchema));
}

describe("the reader of params", () => {
  it("collects every problem and makes nothing while there is one", () => {
    const reader = new ParamReader({ a: 1, b: 2, c: "x" }, ["c", "d"]);
    reader.require("d");
    expect(reader.integer("c", { min: 0, max: 9 })).toBe(undefined);
    reader.problem("", "all of it");
    const result = reader.finish(() => {
      throw new Error("made");
    });
    expect(result).toEqual({
      ok: false,
      reason: [
        { pointer: "/params/a", message: 'Cannot take member "a": unknown, expected c, d' },
        { pointer: "/params/b", message: 'Cannot take member "b": unknown, expected c, d' },
        {
          pointer: "/params/d",
          message: 'Cannot do without member "d": it is missing and required',
        },
        {
          pointer: "/params/c",
          message: 'Cannot use "c": another text, expected a whole number from 0 to 9',
        },
        { pointer: "/params", message: "all of it" },
      ],
    });
  });
});
