import { expect, it } from "vitest";
import { checkAgreement } from "../property/policy_agreement.ts";

it("decides 100,000 generated pairs of bundle and action like the reference evaluator", async () => {
  const reasons = await checkAgreement(100_000);
  expect(reasons.get("allow_by_rule") ?? 0).toBeGreaterThan(5_000);
});
