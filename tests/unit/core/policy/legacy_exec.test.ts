import { describe, expect, it } from "vitest";
import { legacyExecRules, strictExecProblems } from "../../../../core/policy/mod.ts";
import { policyOf } from "./support.ts";

describe("strict exec compatibility", () => {
  it("finds every rule that lets commands through by exec_allowlist, with its place", async () => {
    const legacy = { action_type: "process.exec", obligations: { exec_allowlist: [["git"]] } };
    const policy = await policyOf([
      { ...legacy, id: "allow" },
      { ...legacy, id: "ask", decision: "REQUIRE_APPROVAL" },
      { ...legacy, id: "deny", decision: "DENY" },
      { id: "other" },
    ]);
    expect(legacyExecRules(policy).map(({ id }) => id)).toEqual(["allow", "ask"]);
    expect(strictExecProblems(policy)).toMatchObject([
      { pointer: "/rules/0", file: "policy.json", position: { line: 1 } },
      { pointer: "/rules/1" },
    ]);
  });
});
