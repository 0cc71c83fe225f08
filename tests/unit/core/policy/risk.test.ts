import { describe, expect, it } from "vitest";
import type { RiskFlag, RiskLevel } from "../../../../core/model/mod.ts";
import { assessRisk, RISK_FLAGS, riskLevel } from "../../../../core/policy/mod.ts";
import { maskOf } from "../../../../core/policy/risk.ts";

describe("the risk of an action", () => {
  it.each<[RiskFlag[], number, number, RiskFlag[], RiskLevel]>([
    [[], 0, 1, [], "low"],
    [["risk.write"], 10, 1, ["risk.write"], "medium"],
    [["risk.net"], 32_767, 99, ["risk.net"], "medium"],
    [[], 32_768, 1, ["risk.large_io"], "medium"],
    [[], 0, 100, ["risk.high_fanout"], "high"],
    [["risk.exec"], 40_000, 1, ["risk.exec", "risk.large_io"], "high"],
    [["risk.secrets"], 0, 0, ["risk.secrets"], "high"],
  ])("%j with %d bytes and %d actions", (flags, paramsBytes, traceActionCount, wanted, level) => {
    expect(assessRisk({ flags, paramsBytes, traceActionCount })).toEqual({ flags: wanted, level });
  });

  it("gives each flag a bit of its own", () => {
    expect(new Set(RISK_FLAGS.map((flag) => maskOf([flag]))).size).toBe(6);
    expect(maskOf(RISK_FLAGS)).toBe(0b111111);
    expect(riskLevel(RISK_FLAGS)).toBe("high");
  });
});
