import { expect, it } from "vitest";
import { checkAgreement } from "./policy_agreement.ts";

it("decides 20,000 generated pairs of bundle and action like the reference evaluator", async () => {
  const reasons = await checkAgreement(20_000);
  // Every kind of decision has to occur often, or agreeing would mean little.
  for (
    const reason of ["allow_by_rule", "deny_by_rule", "require_approval_by_rule", "deny_by_default"]
  ) {
    expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(1_000);
  }
  expect(reasons.get("deny_by_exec_model_conflict") ?? 0).toBeGreaterThan(10);
});
