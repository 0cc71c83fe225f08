import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/bundles_bad.jsonl" with { type: "text" };
import { bundleJsonSchema } from "../../../../core/policy/mod.ts";
import { parsed } from "./support.ts";

const validator = new Validator(JSON.parse(JSON.stringify(bundleJsonSchema())), "2020-12", false);

const FULL = {
  version: "v1",
  rules: [{
    id: "a",
    action_type: "process.exec",
    resource: "file://workspace/",
    decision: "REQUIRE_APPROVAL",
    principals: ["alice"],
    agents: ["claude"],
    environments: ["dev"],
    risk_flags: ["risk.exec"],
    exec_match: { argv_patterns: [["git", "**"]] },
    params_match: { cwd: "src", n: { gt: 5, present: true } },
    obligations: {
      sandbox_mode: ["local"],
      net_allowlist: ["example.com"],
      timeout_ms: 5,
      x_note: { any: "thing" },
    },
    description: "d",
    message: "m",
    expires_at: "2030-01-01T00:00:00Z",
    match: [{ params: { argv: ["git", "log"], cwd: "src", n: 6 } }],
    not_match: [["ls"], "url://example.com/"],
  }],
};

describe("the published schema of bundles", () => {
  it("accepts what the parser accepts", async () => {
    await parsed(JSON.stringify(FULL), "p.json");
    expect(validator.validate(FULL).errors).toEqual([]);
    const bare = {
      version: "v1",
      rules: [{ id: "a", action_type: "*", resource: "**", decision: "DENY", obligations: null }],
    };
    expect(validator.validate(bare).valid).toBe(true);
  });

  it("accepts nothing with members or types that the parser refuses", () => {
    const readable = vectors.trim().split("\n").map((line) => JSON.parse(line)).filter((
      { format, text, why },
    ) => format === "json" && why === "an unknown member" && text !== "");
    expect(readable).toHaveLength(1);
    for (const { text } of readable) expect(validator.validate(JSON.parse(text)).valid).toBe(false);
    const [rule] = FULL.rules;
    for (
      const wrong of [
        { decision: "allow" },
        { id: "" },
        { exec_match: {} },
        { exec_match: { argv_patterns: [[]] } },
        { risk_flags: ["risk.all"] },
        { obligations: { sandbox_mode: "loca" } },
        { obligations: { unknown: 1 } },
        { params_match: { n: { less: 5 } } },
        { action_type: "fs.*" },
        { principals: null },
        { resource: "a\\b" },
      ]
    ) {
      expect(
        validator.validate({ version: "v1", rules: [{ ...rule, ...wrong }] }).valid,
        JSON.stringify(wrong),
      ).toBe(false);
    }
  });
});
