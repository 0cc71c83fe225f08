import { describe, expect, it } from "vitest";
import type { ActionFacts } from "../../../../core/model/mod.ts";
import { openCase } from "../../../../core/explain/case.ts";
import { findNearMisses, nearMissesJson } from "../../../../core/explain/near_misses.ts";
import { decide } from "../../../../core/policy/mod.ts";
import { action, command, NOW, policyOf, type RuleText } from "../policy/support.ts";

async function misses(rules: readonly RuleText[], facts: ActionFacts = action()) {
  const policy = await policyOf(rules);
  const decision = decide(policy, facts, NOW);
  return findNearMisses(openCase({
    ...NOW,
    policy,
    facts,
    claims: [],
    decision,
    execCompatibility: "strict",
    assurance: "NONE",
    engineVersion: "",
    runtimeChecks: [],
    suggestions: true,
  }));
}

describe("a near miss", () => {
  it.each<[string, RuleText, string]>([
    ["action_type", { action_type: "fs.write" }, "it is about fs.write, not fs.read"],
    [
      "resource",
      { resource: "file://workspace/src/**" },
      "its resource is file://workspace/src/**",
    ],
    ["principal", { principals: ["bob", "eve"] }, "its principals are bob, eve"],
    ["agent", { agents: ["codex"] }, "its agents are codex"],
    ["environment", { environments: ["prod"] }, "its environments are prod"],
    ["risk_flags", { risk_flags: ["risk.large_io"] }, "it asks for risk.large_io"],
    [
      "params_match",
      { params_match: { "a.b": 1 } },
      "the parameters it looks at (a.b) hold something else",
    ],
    [
      "expires_at",
      { expires_at: "2025-01-01T00:00:00Z" },
      "it expired at 2025-01-01T00:00:00.000Z",
    ],
  ])("on %s", async (condition, rule, hint) => {
    const found = await misses([rule]);
    expect(nearMissesJson(found)).toEqual([
      { rule_id: "rule-0", decision: "ALLOW", condition, location: "policy.json:1", hint },
    ]);
  });

  it("on exec_match", async () => {
    const rule = {
      action_type: "process.exec",
      exec_match: { argv_patterns: [["git", "status"]] },
    };
    expect(nearMissesJson(await misses([rule], command("git", "push")))).toMatchObject([
      { condition: "exec_match", hint: "none of its argv patterns fits the command" },
    ]);
  });

  it("is a rule that would let the action through, and failed on one condition only", async () => {
    expect(await misses([{ decision: "DENY", agents: ["codex"] }])).toEqual([]);
    expect(await misses([{ agents: ["codex"], principals: ["bob"] }])).toEqual([]);
    expect(await misses([{ decision: "REQUIRE_APPROVAL", agents: ["codex"] }])).toHaveLength(1);
  });

  it("is told only where no rule speaks", async () => {
    expect(await misses([{ agents: ["codex"] }, {}])).toEqual([]);
    expect(await misses([{ agents: ["codex"] }, { decision: "DENY" }])).toEqual([]);
  });

  it("comes nearest first, five at most", async () => {
    const far = ["a", "b", "c"].map((id) => ({ id, action_type: `custom.${id}`, resource: "**" }));
    const rules = [
      ...far,
      { id: "elsewhere", resource: "url://example.com/**" },
      { id: "closer", resource: "file://workspace/docs/**" },
      { id: "env", environments: ["prod"] },
      { id: "who", agents: ["codex"] },
    ];
    const found = await misses(rules, action({ resource: "file://workspace/README.md" }));
    expect(found.map(({ rule }) => rule.id)).toEqual(["who", "env", "closer", "elsewhere", "a"]);
  });
});
