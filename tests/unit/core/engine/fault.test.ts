import { describe, expect, it } from "vitest";
import { faultLine } from "../../../../core/engine/mod.ts";
import { Redactor } from "../../../../core/redact/mod.ts";

describe("a fault in the operator's log", () => {
  const redactor = new Redactor({ secrets: ["planted-secret-value"] });

  it("has its stack and not the secrets in its message", () => {
    const line = faultLine(new Error("cannot use planted-secret-value"), redactor);
    expect(line).toContain("fault: Error: cannot use [REDACTED]");
    expect(line).toContain("fault.test.ts");
    expect(line).not.toContain("planted-secret-value");
  });

  it("is told even when it is no error", () => {
    expect(faultLine("planted-secret-value", redactor)).toBe("fault: unknown");
  });
});
