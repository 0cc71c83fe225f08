import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/bundles_bad.jsonl" with { type: "text" };
import { canonicalJson, encodeUtf8, portableDigest } from "../../../../core/encoding/mod.ts";
import { MAX_BUNDLE_BYTES, parseBundle } from "../../../../core/policy/mod.ts";
import { parsed, ruleOf } from "./support.ts";

interface BadBundle {
  readonly why: string;
  readonly format: "json" | "yaml";
  readonly text: string;
  readonly pointer?: string;
  readonly line?: number;
}

const bad: readonly BadBundle[] = vectors.trim().split("\n").map((line) => JSON.parse(line));

describe("a bundle that is wrong is refused with its place", () => {
  it.each(bad)("$why ($format)", async ({ text, format, pointer, line }) => {
    const bundle = await parseBundle(encodeUtf8(text), { file: `policy.${format}` });
    expect(bundle.ok).toBe(false);
    if (bundle.ok) return;
    for (const problem of bundle.reason) {
      expect(problem.file).toBe(`policy.${format}`);
      expect(problem.message).toMatch(/^Cannot /);
    }
    if (pointer !== undefined) expect(bundle.reason.map((p) => p.pointer)).toContain(pointer);
    const hit = bundle.reason.find((p) => p.pointer === (pointer ?? p.pointer));
    if (line !== undefined) expect(hit?.position?.line).toBe(line);
  });
});

const BASE = {
  id: "a",
  action_type: "fs.read",
  resource: "file://workspace/**",
  decision: "ALLOW",
};

describe("a bundle", () => {
  it("tells all its problems at once, from the top down", async () => {
    const text = `version: v2
rules:
  - id: a
    action_type: fs.read
    resource: file://workspace/**
    decision: MAYBE
    obligations: { sandbox_mode: loca, timeout_ms: 0 }
  - id: a
    action_type: fs.read
    resource: file://workspace/**
    decision: ALLOW
`;
    const bundle = await parseBundle(encodeUtf8(text), { file: "policy.yaml" });
    const lines = bundle.ok ? [] : bundle.reason.map((p) => p.position?.line);
    expect(lines).toEqual([1, 6, 7, 7, 8]);
  });

  it("suggests what was probably meant", async () => {
    const bundle = await parseBundle(
      encodeUtf8(JSON.stringify({ version: "v1", rules: [{ ...BASE, principls: ["a"] }] })),
      { file: "p.json" },
    );
    expect(bundle.ok ? "" : bundle.reason[0]?.message).toContain('expected "principals"');
  });

  it("lists at most 100 problems and says how many more there are", async () => {
    const rules = Array.from({ length: 150 }, (_, i) => ({ ...BASE, id: `r${i}`, extra: 1 }));
    const bundle = await parseBundle(encodeUtf8(JSON.stringify({ version: "v1", rules })), {
      file: "p.json",
    });
    expect(bundle.ok ? [] : bundle.reason).toHaveLength(101);
    expect(bundle.ok ? "" : bundle.reason.at(-1)?.message).toContain("50 more");
  });

  it("may have 16 MiB and not one byte more", async () => {
    const fitting = JSON.stringify({ version: "v1", rules: [BASE] }).padEnd(MAX_BUNDLE_BYTES);
    expect((await parseBundle(encodeUtf8(fitting), { file: "p.json" })).ok).toBe(true);
    expect((await parseBundle(encodeUtf8(`${fitting} `), { file: "p.json" })).ok).toBe(false);
  });

  it("keeps its rules in the order of the file, each with its place", async () => {
    const { rules } = await parsed(`version: v1
rules:
  - { id: b, action_type: fs.read, resource: "**", decision: ALLOW }
  - { id: a, action_type: fs.read, resource: "**", decision: DENY }
`);
    expect(rules.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(rules.map(({ place }) => place.position()?.line)).toEqual([3, 4]);
  });

  it('takes "*" in a list as anybody', async () => {
    const rule = await ruleOf({
      ...BASE,
      principals: ["alice", "*"],
      agents: [],
      environments: ["dev"],
    });
    expect(rule.principals).toEqual([]);
    expect(rule.agents).toEqual([]);
    expect(rule.environments).toEqual(["dev"]);
  });

  it("derives exec_constraints from the argv patterns", async () => {
    const argv_patterns = [["git", "status"], ["go", "test", "**"]];
    const rule = await ruleOf({
      ...BASE,
      action_type: "process.exec",
      exec_match: { argv_patterns },
    });
    expect(rule.terms.exec_constraints).toEqual(argv_patterns);
  });

  it("treats member names that mean something to JavaScript as data", async () => {
    const text =
      '{"version":"v1","rules":[{"id":"constructor","action_type":"fs.read","resource":"**",' +
      '"decision":"ALLOW","params_match":{"__proto__.polluted":1},"obligations":{"x_":{"__proto__":{"a":1}}}}]}';
    const { rules } = await parsed(text, "p.json");
    expect(rules[0]?.paramsMatch[0]?.path).toEqual(["__proto__", "polluted"]);
    expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
  });
});

describe("the hash of a bundle", () => {
  const hashOf = async (rule: object) =>
    (await parsed(JSON.stringify({ version: "v1", rules: [rule] }), "p.json")).hash;

  it("is over the canonical typed form", async () => {
    const wanted = portableDigest.sha256Hex(canonicalJson({ version: "v1", rules: [BASE] }));
    expect(await hashOf(BASE)).toBe(wanted);
    expect(wanted).toBe("8c2e5f1b662f15cf3ff32daf969138bde1570056ded6578a8a8776f94caf01c0");
  });

  it("is the same for YAML and JSON of the same content", async () => {
    const rule = {
      ...BASE,
      action_type: "process.exec",
      principals: ["alice"],
      exec_match: { argv_patterns: [["git", "status"]] },
      obligations: { output_max_lines: 100, x_note: 1.5 },
    };
    const yaml = `
version: v1
rules:
  - obligations: { x_note: 1.5, output_max_lines: 100 }
    id: a
    action_type: "process.exec"
    resource: file://workspace/**
    decision: ALLOW
    principals: [alice]
    exec_match:
      argv_patterns:
        - [git, status]
`;
    expect((await parsed(yaml)).hash).toBe(await hashOf(rule));
  });

  it.each([
    { principals: [] },
    { agents: [] },
    { environments: [] },
    { risk_flags: [] },
    { obligations: null },
    { obligations: {} },
    { params_match: {} },
    { match: [] },
    { not_match: [] },
    { description: "" },
    { message: "" },
  ])("does not change with an empty optional member: %j", async (member) => {
    expect(await hashOf({ ...BASE, ...member })).toBe(await hashOf(BASE));
  });

  it.each([
    { principals: ["a"] },
    { obligations: { timeout_ms: 5 } },
    { params_match: { a: 1 } },
    { match: ["file://workspace/a"] },
    { not_match: ["url://a/"] },
    { description: "why" },
    { message: "no" },
    { expires_at: "2030-01-01T00:00:00Z" },
  ])("changes with a member that says something: %j", async (member) => {
    expect(await hashOf({ ...BASE, ...member })).not.toBe(await hashOf(BASE));
  });

  it("is over what was written, not over what is matched", async () => {
    const upper = { ...BASE, action_type: "net.http_request", resource: "url://Example.COM/**" };
    const lower = { ...upper, resource: "url://example.com/**" };
    expect(await hashOf(upper)).not.toBe(await hashOf(lower));
  });
});

describe("examples of a rule", () => {
  const exec = {
    ...BASE,
    action_type: "process.exec",
    resource: "file://workspace/",
    exec_match: { argv_patterns: [["git", "status", "**"]] },
  };

  it.each([
    [BASE, { match: ["file://workspace/a/b"], not_match: ["url://example.com/"] }],
    [BASE, { match: [{}], not_match: [{ action_type: "fs.write" }] }],
    [exec, {
      match: [["git", "status"], ["git", "status", "-s"]],
      not_match: [["git", "push"], ["rm"]],
    }],
    [{ ...BASE, principals: ["alice"] }, {
      match: [{ principal: "alice" }],
      not_match: [{ principal: "bob" }],
    }],
    [{ ...BASE, risk_flags: ["risk.large_io"] }, { match: [{}], not_match: [{ risk_flags: [] }] }],
    [{ ...BASE, params_match: { n: { lt: 5 } } }, {
      match: [{ params: { n: 4 } }],
      not_match: [{ params: { n: 5 } }],
    }],
    [{ ...BASE, expires_at: "2020-01-01T00:00:00Z" }, { match: ["file://workspace/a"] }],
  ])("hold for %j with %j", async (rule, examples) => {
    const bundle = await parseBundle(
      encodeUtf8(JSON.stringify({ version: "v1", rules: [{ ...rule, ...examples }] })),
      { file: "p.json" },
    );
    expect(bundle.ok ? [] : bundle.reason).toEqual([]);
  });

  it("tell which condition failed", async () => {
    const rules = [{
      ...BASE,
      agents: ["claude"],
      match: [{ agent: "codex", resource: "url://x/" }],
    }];
    const bundle = await parseBundle(encodeUtf8(JSON.stringify({ version: "v1", rules })), {
      file: "p.json",
    });
    expect(bundle.ok ? "" : bundle.reason[0]?.message).toContain("(resource, agent)");
  });
});
