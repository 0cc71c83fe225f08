import { describe, expect, it } from "vitest";
import type { ActionFacts, Claim } from "../../../../core/model/mod.ts";
import { explainDecision, type ExplainInput } from "../../../../core/explain/mod.ts";
import {
  compileBundle,
  decide,
  denyBeforehand,
  mergeBundles,
} from "../../../../core/policy/mod.ts";
import {
  action,
  bundleOf,
  command,
  NOW,
  policyOf,
  request,
  type RuleText,
} from "../policy/support.ts";

const OFFER = {
  sandboxProfile: "none",
  sandbox: { available: true },
  execNetwork: false,
  execCompatibility: "legacy_allowlist_fallback",
} as const;

async function explain(
  rules: readonly RuleText[],
  facts: ActionFacts,
  more: Partial<ExplainInput> = {},
) {
  const policy = more.policy ?? await policyOf(rules);
  const claims = more.claims ?? [];
  const decision = decide(policy, facts, { ...NOW, claims, offer: OFFER });
  return explainDecision({
    ...NOW,
    policy,
    facts,
    claims,
    decision,
    execCompatibility: "legacy_allowlist_fallback",
    assurance: "GUARDED",
    engineVersion: "1.2.3",
    runtimeChecks: ["symlink_targets"],
    suggestions: true,
    ...more,
  });
}

const ALLOW = { id: "allow-read" };
const DENY = { id: "deny-env", decision: "DENY", resource: "**/.env" };
const ASK = {
  id: "ask-read",
  decision: "REQUIRE_APPROVAL",
  obligations: { reason: "it is read by customers" },
};

describe("the document", () => {
  it("of an ALLOW has its members in their order", async () => {
    const explained = await explain(
      [{ ...ALLOW, obligations: { output_max_lines: 10 } }],
      action(),
    );
    expect(Object.keys(explained)).toEqual([
      "decision",
      "reason_code",
      "matched_rule_ids",
      "policy_bundle_hash",
      "engine_version",
      "assurance_level",
      "obligations_preview",
      "matched_rule_provenance",
      "runtime_checks",
    ]);
    expect(explained).toMatchObject({
      decision: "ALLOW",
      reason_code: "allow_by_rule",
      matched_rule_ids: ["allow-read"],
      engine_version: "1.2.3",
      assurance_level: "GUARDED",
      obligations_preview: { output_max_lines: 10 },
      runtime_checks: ["symlink_targets", "quotas", "audit_sinks"],
    });
  });

  it("of a denied command on two bundles has all its members in their order", async () => {
    const a = await bundleOf([{ ...DENY, action_type: "process.exec", resource: "**" }], "a.json");
    const b = await bundleOf([{ ...ALLOW, action_type: "process.exec" }], "b.json");
    const merged = mergeBundles([{ bundle: a, role: "baseline" }, { bundle: b }]);
    if (!merged.ok) throw new Error("they merge");
    const explained = await explain([], command("ls"), { policy: compileBundle(merged.value) });
    expect(Object.keys(explained)).toEqual([
      "decision",
      "reason_code",
      "matched_rule_ids",
      "policy_bundle_hash",
      "policy_bundle_sources",
      "policy_bundle_inputs",
      "engine_version",
      "assurance_level",
      "obligations_preview",
      "exec_authorization",
      "matched_rule_provenance",
      "why_denied",
      "minimal_allowing_change",
      "runtime_checks",
    ]);
    expect(explained).toMatchObject({
      policy_bundle_sources: [`a.json#${a.hash}`, `b.json#${b.hash}`],
      policy_bundle_inputs: [
        { path: "a.json", hash: a.hash, role: "baseline" },
        { path: "b.json", hash: b.hash },
      ],
      matched_rule_provenance: [
        { rule_id: "allow-read", decision: "ALLOW", bundle_source: `b.json#${b.hash}` },
        { rule_id: "deny-env", decision: "DENY", bundle_source: `a.json#${a.hash}` },
      ],
      why_denied: {
        reason_code: "deny_by_rule",
        deny_rules: [{
          rule_id: "deny-env",
          reason_code: "deny_by_rule",
          matched_conditions: {
            action_type: true,
            resource: true,
            principal: true,
            agent: true,
            environment: true,
            risk_flags: true,
            exec_match: true,
            params_match: true,
          },
          bundle_source: `a.json#${a.hash}`,
        }],
        matched_conditions: { deny_rule_match: true },
      },
    });
  });

  it("previews what would have applied without the deny", async () => {
    const env = action({ resource: "file://workspace/.env" });
    const allowed = { ...ALLOW, obligations: { timeout_ms: 5 } };
    expect(await explain([DENY, allowed], env)).toMatchObject({
      obligations_preview: { timeout_ms: 5 },
    });
    expect(await explain([DENY, allowed, ASK], env)).toMatchObject({
      obligations_preview: { reason: "it is read by customers" },
    });
    expect((await explain([DENY], env)).obligations_preview).toEqual({});
  });

  it("leaves suggestions out where they are off", async () => {
    const explained = await explain([DENY], action(), { suggestions: false });
    expect(explained).not.toHaveProperty("minimal_allowing_change");
    expect(explained).toHaveProperty("why_denied.remediation_hint");
  });

  it("repeats nothing of the params", async () => {
    const secret = "hunter2-hunter2";
    const facts = action({
      ...command("curl", "-H", secret),
      params: { argv: [secret], note: secret },
    });
    for (
      const rules of [[DENY], [{
        action_type: "process.exec",
        exec_match: { argv_patterns: [["ls"]] },
      }]]
    ) {
      expect(JSON.stringify(await explain(rules, facts))).not.toContain(secret);
    }
  });
});

describe("exec_authorization", () => {
  const exec = { action_type: "process.exec", resource: "file://workspace/" };
  const byPattern = { ...exec, id: "p", exec_match: { argv_patterns: [["git", "**"]] } };
  const byPrefix = { ...exec, id: "l", obligations: { exec_allowlist: [["git"]] } };

  it.each<[string, RuleText[], string, string, boolean]>([
    ["no rule", [ALLOW], "none", "policy_only", false],
    ["a rule without limit", [exec], "none", "policy_only", false],
    ["argv patterns", [byPattern], "argv_pattern_match", "derived_exec_constraints", false],
    [
      "legacy prefixes",
      [byPrefix],
      "legacy_prefix_allowlist",
      "legacy_exec_allowlist_fallback",
      false,
    ],
    ["both", [byPattern, byPrefix], "mixed_exec_models", "conflict", true],
    ["patterns that only deny", [{ ...byPattern, decision: "DENY" }], "none", "policy_only", false],
  ])("of %s", async (_, rules, condition_class, runtime_enforcement_hint, conflict) => {
    expect((await explain(rules, command("git", "log"))).exec_authorization).toEqual({
      condition_class,
      runtime_enforcement_hint,
      compatibility_mode: "legacy_allowlist_fallback",
      conflict,
    });
  });

  it("is about commands only", async () => {
    expect(await explain([ALLOW], action())).not.toHaveProperty("exec_authorization");
  });
});

describe("matched_conditions over all", () => {
  it.each<[string, RuleText[], object]>([
    ["a deny", [DENY, ALLOW, ASK], { deny_rule_match: true }],
    ["an approval", [ALLOW, ASK], { approval_rule_match: true }],
    ["no rule", [{ action_type: "fs.write" }], { matching_allow_rule: false }],
  ])("with %s", async (_, rules, wanted) => {
    const explained = await explain(rules, action({ resource: "file://workspace/.env" }));
    expect(explained).toMatchObject({ why_denied: { matched_conditions: wanted } });
  });
});

describe("why, in words", () => {
  async function words(
    rules: readonly RuleText[],
    facts: ActionFacts,
    more: Partial<ExplainInput> = {},
  ) {
    const explained = await explain(rules, facts, more);
    const why = explained.why_denied;
    const hint = typeof why === "object" && why !== null && "remediation_hint" in why
      ? why.remediation_hint
      : "";
    return { hint, change: explained.minimal_allowing_change };
  }

  it("a rule denies, and what would happen without it", async () => {
    const rules = [{ ...DENY, message: "Ask the security team." }, ALLOW];
    expect(await words(rules, action({ resource: "file://workspace/.env" }))).toEqual({
      hint:
        'Rule "deny-env" (policy.json:1) denies this action; a deny always wins, whatever else allows the action. ' +
        'Without it "allow-read" (policy.json:1) would allow it. Its owner says: Ask the security team.',
      change:
        'Narrow rule "deny-env" (policy.json:1) so that it no longer covers this action, or use a target that ' +
        "it does not cover (it denies **/.env).",
    });
  });

  it("no rule speaks, and the nearest one names other agents", async () => {
    expect(await words([{ ...ALLOW, agents: ["codex"] }], action())).toEqual({
      hint:
        'No rule allows fs.read on file://workspace/README.md for principal "alice", agent "claude" in ' +
        'environment "dev", and what no rule allows is denied. The nearest rule is "allow-read" (policy.json:1): its ' +
        "agents are codex.",
      change: 'Add "claude" to agents of rule "allow-read" (policy.json:1).',
    });
  });

  it("no rule comes near: a rule for exactly this, ready to be pasted", async () => {
    const { hint, change } = await words(
      [{ ...ALLOW, action_type: "fs.write", agents: ["x"] }],
      action(),
    );
    expect(hint).toContain("No rule comes near");
    expect(change).toBe(
      'Add a rule for exactly this: { id: allow-fs-read, action_type: fs.read, resource: "file://workspace/README.md", ' +
        'decision: ALLOW, principals: ["alice"], agents: ["claude"], environments: ["dev"] }.',
    );
  });

  it("a risky action is left to a human", async () => {
    const { change } = await words([ALLOW], request("a.com"));
    expect(change).toContain("decision: REQUIRE_APPROVAL");
    expect(change).toContain('obligations: { net_allowlist: ["a.com"] }');
    expect((await words([ALLOW], command("ls"))).change).toContain(
      "argv_patterns list exactly this command",
    );
  });

  it("somebody has to agree: who, why and how", async () => {
    const { hint, change } = await words([ASK], action());
    expect(hint).toBe(
      'Rule "ask-read" (policy.json:1) wants somebody to agree first. Why: it is read by customers. Run the action: ' +
        "the answer names an approval_id; once that is approved, send the same action again with " +
        'context.extensions.approval = {"approval_id": "…"}.',
    );
    expect(change).toContain("nomos approvals approve <approval_id>");
  });

  it("terms cannot be met: what to write or to install", async () => {
    const net = { id: "net", action_type: "net.http_request", resource: "url://**" };
    expect(await words([net], request("a.com"))).toEqual({
      hint:
        'Rule "net" (policy.json:1) would let the action through, but only under terms that are not met. Cannot ' +
        'request "a.com": the rule that allows it lists no hosts, expected obligation net_allowlist: ["a.com"].',
      change: 'Add "a.com" to net_allowlist in "net" (policy.json:1).',
    });
    const exec = { id: "run", action_type: "process.exec", obligations: { sandbox_mode: "local" } };
    const { hint } = await words([exec], command("ls"));
    expect(hint).toContain("executor.sandbox_enabled: true");
  });

  it("a target that the action touches too is named", async () => {
    const claims: Claim[] = [{
      type: "fs.write",
      resource: "file://workspace/a/.env",
      mode: "deny_only",
    }];
    const rules = [{ ...ALLOW, action_type: "repo.apply_patch", resource: "repo://acme/site" }, {
      ...DENY,
      action_type: "fs.write",
    }];
    const patch = action({ type: "repo.apply_patch", resource: "repo://acme/site" });
    const { hint } = await words(rules, patch, { claims });
    expect(hint).toContain(
      "denies fs.write on file://workspace/a/.env, which this action touches too",
    );
  });

  it("two exec models conflict: which rules, and how to rewrite them", async () => {
    const exec = { action_type: "process.exec", resource: "file://workspace/" };
    const rules = [
      { ...exec, id: "new", exec_match: { argv_patterns: [["git", "**"]] } },
      { ...exec, id: "old", obligations: { exec_allowlist: [["git"]] } },
    ];
    const { hint, change } = await words(rules, command("git"));
    expect(hint).toContain(
      'exec_match in "new" (policy.json:1), the legacy exec_allowlist in "old" (policy.json:1)',
    );
    expect(change).toContain('Rewrite the exec_allowlist of "old" (policy.json:1)');
  });

  it.each(
    [
      ["protected_path", "a file that Nomos itself uses", "Use another path"],
      [
        "deny_by_external_policy_error",
        "gave no usable answer",
        "Repair the external policy backend",
      ],
      ["deny_by_external_policy", "external policy backend denied", "external policy"],
      [
        "unsupported_action",
        "Cannot perform fs.read: unsupported_action",
        "correct the request itself",
      ],
    ] as const,
  )("%s has words of its own", async (reason, hint, change) => {
    const policy = await policyOf([{ action_type: "fs.write" }]);
    const said = await words([], action(), { policy, decision: denyBeforehand(policy, reason) });
    expect(said.hint).toContain(hint);
    expect(said.change).toContain(change);
  });

  it("names at most three rules and says how many more there are", async () => {
    const rules = ["a", "b", "c", "d", "e"].map((id) => ({ ...DENY, id }));
    const { hint } = await words(rules, action({ resource: "file://workspace/.env" }));
    expect(hint).toContain(
      '"a" (policy.json:1), "b" (policy.json:1), "c" (policy.json:1) and 2 more deny',
    );
  });
});
