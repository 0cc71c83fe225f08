import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../core/model/mod.ts";
import { explainDecision } from "../../core/explain/mod.ts";
import { decide, questionOf } from "../../core/policy/mod.ts";
import { actionArbitrary, rulesArbitrary } from "./policy_arbitrary.ts";
import { factsOf, load, optionsOf } from "./policy_subject.ts";
import type { PlainAction, PlainRule } from "./reference_evaluator.ts";

const actions = fc.array(actionArbitrary, { minLength: 10, maxLength: 10 });

/** Checks a law over generated bundles and actions. */
async function holds(
  law: (rules: PlainRule[], asked: PlainAction[]) => Promise<void>,
  numRuns = 150,
): Promise<void> {
  await fc.assert(fc.asyncProperty(rulesArbitrary, actions, law), { numRuns });
}

async function decisions(
  rules: readonly PlainRule[],
  asked: readonly PlainAction[],
): Promise<Decision[]> {
  const policy = await load(rules, { index: true });
  return asked.map((action) => policy.evaluate(factsOf(action), optionsOf(action)));
}

/** What a decision says, without what belongs to the bundle's hash. */
function essence(decision: Decision): unknown {
  const { provenance: _, ...rest } = decision;
  return rest;
}

const broad = (decision: PlainRule["decision"]): PlainRule => ({
  id: "zz-broad",
  action_type: "*",
  resource: "**",
  decision,
});

describe("policy", () => {
  it("never depends on the order of its rules", async () => {
    await holds(async (rules, asked) => {
      const forth = await decisions(rules, asked);
      const back = await decisions(rules.toReversed(), asked);
      expect(back.map(essence)).toEqual(forth.map(essence));
    });
  });

  it("lets a deny trump everything", async () => {
    await holds(async (rules, asked) => {
      for (const decision of await decisions([...rules, broad("DENY")], asked)) {
        expect(decision).toMatchObject({ verdict: "DENY", reason: "deny_by_rule" });
        expect(decision.rules).toContain("zz-broad");
      }
    });
  });

  it("allows only by a rule that says ALLOW", async () => {
    await holds(async (rules, asked) => {
      const allowing = new Set(
        rules.filter((rule) => rule.decision === "ALLOW").map((rule) => rule.id),
      );
      for (const decision of await decisions(rules, asked)) {
        if (decision.verdict !== "ALLOW") continue;
        expect(decision.rules.length).toBeGreaterThan(0);
        for (const id of decision.rules) expect(allowing).toContain(id);
      }
    });
  });

  it("never turns a denial by rule into anything else when an ALLOW is added", async () => {
    await holds(async (rules, asked) => {
      const before = await decisions(rules, asked);
      const after = await decisions([...rules, broad("ALLOW")], asked);
      before.forEach((decision, i) => {
        if (decision.reason === "deny_by_rule") {
          expect(after[i]).toMatchObject({ reason: "deny_by_rule" });
        }
        if (decision.verdict === "REQUIRE_APPROVAL") expect(after[i]?.verdict).not.toBe("ALLOW");
      });
    });
  });

  it("never allows more when a rule that is no ALLOW is added", async () => {
    await holds(async (rules, asked) => {
      const others = rules.filter((rule) => rule.decision === "ALLOW");
      const before = await decisions([...others, broad("ALLOW")], asked);
      const after = await decisions([...rules, broad("ALLOW")], asked);
      before.forEach((decision, i) => {
        if (decision.verdict === "DENY") expect(after[i]?.verdict).toBe("DENY");
      });
    });
  });

  it("denies by default, with no rule to name", async () => {
    await holds(async (rules, asked) => {
      for (const decision of await decisions(rules, asked)) {
        expect(decision.rules.length === 0).toBe(decision.reason === "deny_by_default");
      }
    });
  });

  it("decides the same with the index and without", async () => {
    await holds(async (rules, asked) => {
      const indexed = await load(rules, { index: true });
      const linear = await load(rules, { index: false });
      for (const action of asked) {
        const facts = factsOf(action);
        expect(indexed.evaluate(facts, optionsOf(action))).toEqual(
          linear.evaluate(facts, optionsOf(action)),
        );
        const question = questionOf(facts, optionsOf(action));
        expect(indexed.onResource(question)).toEqual(linear.onResource(question));
      }
    });
  });

  it("never binds less than each of its deciding rules", async () => {
    await holds(async (rules, asked) => {
      const byId = new Map(rules.map((rule) => [rule.id, rule]));
      for (const decision of await decisions(rules, asked)) {
        if (decision.verdict === "DENY") continue;
        for (const id of decision.rules) {
          const one = byId.get(id)?.obligations ?? {};
          if (one.http_redirects === false) expect(decision.terms.http_redirects).toBe(false);
          for (const tag of Array.isArray(one.tags) ? one.tags : []) {
            expect(decision.terms.tags).toContain(tag);
          }
          if (one.sandbox_mode === "container") {
            expect(decision.terms.sandbox_mode).toBe("container");
          }
        }
      }
    });
  });

  it("never becomes milder for what else an action touches", async () => {
    const rank = ["ALLOW", "REQUIRE_APPROVAL", "DENY"];
    const claim = fc.record({
      type: fc.constantFrom("fs.read", "fs.write", "repo.apply_patch"),
      resource: fc.constantFrom(
        "file://workspace/.env",
        "file://workspace/src/a.ts",
        "file://workspace/unknown",
      ),
      mode: fc.constantFrom("required" as const, "covered" as const, "deny_only" as const),
    });
    const claims = fc.array(claim, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rulesArbitrary, actions, claims, async (rules, asked, named) => {
        const policy = await load(rules, { index: true });
        for (const action of asked) {
          const facts = factsOf(action);
          const alone = policy.evaluate(facts, optionsOf(action));
          const together = policy.evaluate(facts, { ...optionsOf(action), claims: named });
          expect(rank.indexOf(together.verdict)).toBeGreaterThanOrEqual(
            rank.indexOf(alone.verdict),
          );
          const required = named.filter(({ mode }) => mode === "required");
          for (const { type, resource } of required) {
            const own = policy.evaluate({ ...facts, type, resource }, optionsOf(action));
            expect(rank.indexOf(together.verdict)).toBeGreaterThanOrEqual(
              rank.indexOf(own.verdict),
            );
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is explained as it decides", async () => {
    await holds(async (rules, asked) => {
      const policy = await load(rules, { index: true });
      for (const action of asked) {
        const facts = factsOf(action);
        const options = optionsOf(action);
        const decision = decide(policy, facts, options);
        const explained = explainDecision({
          ...options,
          policy,
          facts,
          claims: [],
          decision,
          execCompatibility: "legacy_allowlist_fallback",
          assurance: "NONE",
          engineVersion: "0.0.0",
          runtimeChecks: [],
          suggestions: true,
        });
        expect(explained).toMatchObject({
          decision: decision.verdict,
          reason_code: decision.reason,
          matched_rule_ids: decision.rules,
        });
        expect("why_denied" in explained).toBe(decision.verdict !== "ALLOW");
      }
    });
  });
});
