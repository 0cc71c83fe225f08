import { describe, expect, it } from "vitest";
import type { ActionFacts, Claim } from "../../../../core/model/mod.ts";
import { decide, denyBeforehand, withObligations } from "../../../../core/policy/mod.ts";
import { action, command, NOW, policyOf, request, type RuleText } from "./support.ts";

const OFFER = {
  sandboxProfile: "none",
  sandbox: { available: true },
  execNetwork: false,
  execCompatibility: "legacy_allowlist_fallback",
} as const;

async function evaluate(
  rules: readonly RuleText[],
  facts: ActionFacts,
  claims: readonly Claim[] = [],
) {
  return (await policyOf(rules)).evaluate(facts, { ...NOW, claims });
}

const ALLOW = { id: "allow", decision: "ALLOW" };
const DENY = { id: "deny", decision: "DENY" };
const ASK = { id: "ask", decision: "REQUIRE_APPROVAL" };

describe("a decision", () => {
  it.each([
    ["no rule", [], "deny_by_default", []],
    ["an allow", [ALLOW], "allow_by_rule", ["allow"]],
    ["an approval and an allow", [ALLOW, ASK], "require_approval_by_rule", ["ask"]],
    ["a deny over all", [ALLOW, ASK, DENY], "deny_by_rule", ["deny"]],
    [
      "several of the deciding class, sorted",
      [{ ...ALLOW, id: "b" }, { ...ALLOW, id: "a" }],
      "allow_by_rule",
      ["a", "b"],
    ],
  ])("with %s", async (_, rules, reason, ids) => {
    const others = { id: "other", action_type: "fs.write" };
    const decision = await evaluate([...rules, others], action());
    expect(decision).toMatchObject({ reason, rules: ids });
  });

  it("sorts rule ids by their bytes, as hashes do", async () => {
    const ids = ["\u{1F600}", "\uFFFD", "a", "B"];
    const decision = await evaluate(ids.map((id) => ({ ...ALLOW, id })), action());
    expect(decision.rules).toEqual(["B", "a", "\uFFFD", "\u{1F600}"]);
  });

  it("carries the merged terms of the deciding class only", async () => {
    const rules = [
      { ...ALLOW, id: "a", obligations: { timeout_ms: 500 } },
      { ...ALLOW, id: "b", obligations: { timeout_ms: 200, tags: ["x"] } },
    ];
    expect(await evaluate(rules, action())).toMatchObject({
      terms: { timeout_ms: 200, tags: ["x"] },
    });
    const asked = await evaluate(
      [...rules, { ...ASK, obligations: { timeout_ms: 900 } }],
      action(),
    );
    expect(asked).toMatchObject({ verdict: "REQUIRE_APPROVAL", terms: { timeout_ms: 900 } });
  });

  it("carries the messages of the deciding rules in the order of their ids", async () => {
    const rules = [
      { ...DENY, id: "b", message: "second" },
      { ...DENY, id: "a", message: "first" },
      { ...DENY, id: "c", message: "second" },
      { ...ALLOW, message: "never" },
    ];
    expect((await evaluate(rules, action())).message).toBe("first\nsecond");
  });

  it("is the same object for the same rules, so that nothing is merged twice", async () => {
    const policy = await policyOf([{ ...ALLOW, id: "a" }, { ...ALLOW, id: "b" }]);
    const one = policy.evaluate(action(), NOW);
    expect(policy.evaluate(action({ resource: "file://workspace/other" }), NOW)).toBe(one);
  });

  it("forgets a rule at the moment it expires", async () => {
    const policy = await policyOf([{ ...ALLOW, expires_at: "2026-01-01T00:00:00Z" }]);
    const at = (nowMs: number) => policy.evaluate(action(), { ...NOW, nowMs }).reason;
    expect(at(NOW.nowMs - 1)).toBe("allow_by_rule");
    expect(at(NOW.nowMs)).toBe("deny_by_default");
  });
});

describe("two ways to limit commands", () => {
  const byPattern = { action_type: "process.exec", exec_match: { argv_patterns: [["git", "**"]] } };
  const byPrefix = { action_type: "process.exec", obligations: { exec_allowlist: [["git"]] } };

  it.each([
    ["in two allows", [{ ...ALLOW, ...byPattern }, { ...ALLOW, id: "b", ...byPrefix }], [
      "allow",
      "b",
    ]],
    ["in an allow and an approval", [{ ...ASK, ...byPattern }, { ...ALLOW, ...byPrefix }], [
      "allow",
      "ask",
    ]],
  ])("conflict %s", async (_, rules, ids) => {
    expect(await evaluate(rules, command("git", "log"))).toMatchObject({
      verdict: "DENY",
      reason: "deny_by_exec_model_conflict",
      rules: ids,
    });
  });

  it("do not conflict where one of them does not match, or only denies", async () => {
    const rules = [{ ...ALLOW, ...byPattern }, { ...ALLOW, id: "b", ...byPrefix }];
    expect((await evaluate(rules, command("ls"))).reason).toBe("allow_by_rule");
    const denied = [{ ...DENY, ...byPattern }, { ...ALLOW, ...byPrefix }];
    expect((await evaluate(denied, command("git"))).reason).toBe("deny_by_rule");
  });
});

describe("a workspace that does not tell cases apart", () => {
  const folded = { ...NOW, caseInsensitive: true };
  const secret = { resource: "file://workspace/.ENV" };

  it.each([
    ["DENY", "file://workspace/.env", "deny_by_rule"],
    ["REQUIRE_APPROVAL", "file://workspace/.env", "require_approval_by_rule"],
    ["ALLOW", "file://workspace/.env", "deny_by_default"],
    ["DENY", "file://workspace/.E*", "deny_by_rule"],
    ["DENY", "**/.Env", "deny_by_rule"],
  ])("%s on %s", async (decision, resource, reason) => {
    for (const index of [true, false]) {
      const policy = await policyOf([{ decision, resource }], index);
      expect(policy.evaluate(action(secret), folded).reason).toBe(reason);
      expect(policy.evaluate(action({ resource: "file://workspace/.e" }), folded).reason).toBe(
        resource.includes("*") && !resource.startsWith("**") ? "deny_by_rule" : "deny_by_default",
      );
    }
  });

  it("still tells them apart everywhere else", async () => {
    const policy = await policyOf([
      { ...DENY, action_type: "net.http_request", resource: "url://example.com/Admin" },
      { ...ALLOW, action_type: "net.http_request", resource: "url://example.com/**" },
    ]);
    const facts = action({ type: "net.http_request", resource: "url://example.com/admin" });
    expect(policy.evaluate(facts, folded).reason).toBe("allow_by_rule");
  });

  it("folds what its file system folds", async () => {
    const policy = await policyOf([{ ...DENY, resource: "file://workspace/straße/\u212Aey/σΣς" }]);
    const facts = action({ resource: "file://workspace/STRASSE/key/ΣΣΣ" });
    expect(policy.evaluate(facts, folded).reason).toBe("deny_by_rule");
  });
});

describe("further targets of an action", () => {
  const patch = action({ type: "repo.apply_patch", resource: "repo://acme/site" });
  const repo = { id: "repo", action_type: "repo.apply_patch", resource: "repo://acme/site" };
  const file = (path: string, mode: Claim["mode"], type = "repo.apply_patch"): Claim => ({
    type,
    resource: `file://workspace/${path}`,
    mode,
  });

  it("that are covered need no rule where the action itself is allowed", async () => {
    expect(await evaluate([repo], patch, [file("a", "covered")])).toMatchObject({
      reason: "allow_by_rule",
      rules: ["repo"],
    });
    expect(
      (await evaluate([{ ...repo, resource: "repo://acme/other" }], patch, [file("a", "covered")]))
        .reason,
    ).toBe("deny_by_default");
  });

  it("that are covered obey the rules that speak of them", async () => {
    const rules = [
      { ...repo, obligations: { timeout_ms: 500 } },
      {
        ...ASK,
        action_type: "repo.apply_patch",
        resource: "file://workspace/src/**",
        obligations: { timeout_ms: 900, tags: ["src"] },
      },
    ];
    expect(await evaluate(rules, patch, [file("a", "covered"), file("src/b", "covered")]))
      .toMatchObject({
        verdict: "REQUIRE_APPROVAL",
        rules: ["ask"],
        terms: { timeout_ms: 500, tags: ["src"] },
      });
  });

  it("that are required need an allow of their own", async () => {
    const own = { id: "own", action_type: "repo.apply_patch", resource: "file://workspace/a" };
    const first = action({ type: "repo.apply_patch", resource: "file://workspace/a" });
    expect((await evaluate([own], first, [file("b", "required")])).reason).toBe("deny_by_default");
    const both = [own, { ...own, id: "b", resource: "file://workspace/b" }];
    expect(await evaluate(both, first, [file("b", "required")])).toMatchObject({
      rules: ["b", "own"],
    });
  });

  it("that only a deny counts for are denied by rules of their own type", async () => {
    const rules = [repo, { ...DENY, action_type: "fs.write", resource: "**/.env" }];
    expect((await evaluate(rules, patch, [file("a/.env", "deny_only", "fs.write")])).rules).toEqual(
      ["deny"],
    );
    expect((await evaluate(rules, patch, [file("a/env", "deny_only", "fs.write")])).reason).toBe(
      "allow_by_rule",
    );
    const asking = [repo, { ...ASK, action_type: "fs.write", resource: "**/.env" }];
    expect((await evaluate(asking, patch, [file("a/.env", "deny_only", "fs.write")])).reason).toBe(
      "allow_by_rule",
    );
  });

  it("make the strictest decision hold, told by the reason that says most", async () => {
    const rules = [repo, {
      ...DENY,
      action_type: "repo.apply_patch",
      resource: "file://workspace/x",
    }];
    const claims = [file("unspoken", "required"), file("x", "required")];
    expect(await evaluate(rules, patch, claims)).toMatchObject({
      reason: "deny_by_rule",
      rules: ["deny"],
    });
  });

  it("keep an approval class only if every rule names it", async () => {
    const scope = { approval_scope_class: "action_type_resource" };
    const rules = [
      { ...ASK, action_type: "repo.apply_patch", resource: "repo://acme/site", obligations: scope },
      { ...ALLOW, action_type: "repo.apply_patch", resource: "file://workspace/**" },
    ];
    const decision = await evaluate(rules, patch, [file("a", "covered")]);
    expect(decision).toMatchObject({ verdict: "REQUIRE_APPROVAL" });
    expect(decision).not.toHaveProperty("terms.approval_scope_class");
  });
});

describe("deciding with obligations", () => {
  const net = { id: "net", action_type: "net.http_request", resource: "url://**" };

  it("denies what cannot be met, and keeps the rules and the refusal", async () => {
    const policy = await policyOf([net]);
    expect(decide(policy, request("a.com"), { nowMs: 0, offer: OFFER })).toMatchObject({
      verdict: "DENY",
      reason: "net_not_allowlisted",
      rules: ["net"],
      refusal: { code: "net_not_allowlisted" },
    });
  });

  it("denies an approval too, so that nobody approves what could not be performed", async () => {
    const policy = await policyOf([{ ...net, decision: "REQUIRE_APPROVAL" }]);
    expect(decide(policy, request("a.com"), { nowMs: 0 }).reason).toBe("net_not_allowlisted");
  });

  it("leaves a denial as it is", async () => {
    const policy = await policyOf([{ ...net, decision: "DENY" }]);
    const decision = policy.evaluate(request("a.com"), NOW);
    expect(withObligations(decision, request("a.com"), OFFER)).toBe(decision);
    expect(denyBeforehand(policy, "protected_path", "no")).toMatchObject({
      verdict: "DENY",
      rules: [],
      message: "no",
    });
  });

  it("leaves unjudged what depends on a runtime nobody knows", async () => {
    const policy = await policyOf([{
      action_type: "process.exec",
      obligations: { sandbox_mode: "container" },
    }]);
    expect(decide(policy, command("ls"), { nowMs: 0 }).verdict).toBe("ALLOW");
    expect(decide(policy, command("ls"), { nowMs: 0, offer: OFFER }).reason).toBe(
      "sandbox_required",
    );
  });
});
