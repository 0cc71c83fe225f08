import { describe, expect, it } from "vitest";
import { OBLIGATIONS, parseTerms, termsToJson } from "../../../../core/obligations/mod.ts";

const AT = { pointer: "/rules/0/obligations", rule: "rule-1" };

function parse(value: Parameters<typeof parseTerms>[0]) {
  const terms = parseTerms(value, AT);
  if (!terms.ok) throw new Error(JSON.stringify(terms.reason));
  return terms.value;
}

function problemsOf(value: Parameters<typeof parseTerms>[0]) {
  const terms = parseTerms(value, AT);
  return terms.ok ? [] : terms.reason;
}

describe("obligations", () => {
  it("come back as they were written", () => {
    const written = {
      exec_allowlist: [["git", "status"], ["go"]],
      net_allowlist: ["b.example.com", "*.a.example.com", "http://localhost:8080"],
      sandbox_mode: "local",
      http_redirects: true,
      http_redirect_hop_limit: 2,
      timeout_ms: 500,
      output_max_bytes: 0,
      output_max_lines: 100,
      redact: ["a+"],
      response_scan_mode: "deny",
      mcp_allowed_content_block_kinds: ["image", "text"],
      approval_scope_class: "action_type_resource",
      credential_lease_ids: ["github"],
      tags: ["nightly"],
      reason: "because",
    };
    expect(termsToJson(parse(written))).toEqual(written);
  });

  it("are none when they are null or empty", () => {
    expect(parse(null)).toEqual({});
    expect(parse({})).toEqual({});
  });

  it("take the strictest sandbox mode of a list", () => {
    expect(parse({ sandbox_mode: ["local", "container", "none"] }).sandbox_mode).toBe("container");
  });

  it("keep sets sorted and without repetition", () => {
    expect(parse({ tags: ["b", "a", "b"] }).tags).toEqual(["a", "b"]);
  });

  it("name the rule a reason comes from", () => {
    expect(parse({ reason: "why" }).reason).toEqual([{ rule: "rule-1", text: "why" }]);
  });

  it("keep operators' own members for the audit and nothing else", () => {
    const terms = parse({ x_ticket: "OPS-1", x_owner: { team: "a" } });
    expect(termsToJson(terms)).toEqual({});
    expect(termsToJson(terms, { extras: true })).toEqual({
      x_ticket: "OPS-1",
      x_owner: { team: "a" },
    });
  });

  it("are refused when unknown, with the nearest name", () => {
    const [problem] = problemsOf({ sandbox_mod: "local" });
    expect(problem?.pointer).toBe("/rules/0/obligations/sandbox_mod");
    expect(problem?.message).toContain('expected "sandbox_mode"');
  });

  it.each(["__proto__", "constructor", "toString", "exec_constraints", "extras", "X_upper"])(
    "do not know %s",
    (name) => {
      const value = Object.fromEntries([[name, true]]);
      expect(problemsOf(value)).toHaveLength(1);
    },
  );

  it("tell all their problems at once", () => {
    const problems = problemsOf({ tags: [1, "a", ""], timeout_ms: 0, http_redirects: "no" });
    expect(problems.map(({ pointer }) => pointer)).toEqual([
      "/rules/0/obligations/tags/0",
      "/rules/0/obligations/tags/2",
      "/rules/0/obligations/timeout_ms",
      "/rules/0/obligations/http_redirects",
    ]);
  });
});

describe("the registry", () => {
  it("has every obligation once, each with its words", () => {
    const names = OBLIGATIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual([
      "approval_scope_class",
      "credential_lease_ids",
      "exec_allowlist",
      "exec_constraints",
      "extras",
      "http_redirect_hop_limit",
      "http_redirects",
      "mcp_allowed_content_block_kinds",
      "net_allowlist",
      "output_max_bytes",
      "output_max_lines",
      "reason",
      "redact",
      "response_scan_mode",
      "sandbox_mode",
      "tags",
      "timeout_ms",
    ]);
    for (const { summary, typeText, mergeText } of OBLIGATIONS) {
      expect(summary).toMatch(/\.$|^Operators/);
      expect(typeText).not.toBe("");
      expect(mergeText).not.toBe("");
    }
  });
});
