import { describe, expect, it } from "vitest";
import { randomIds, systemClock } from "../../../../cli/adapters/clock_ids.ts";
import { processEnvironment } from "../../../../cli/adapters/environment.ts";

describe("the system's clock and identifiers", () => {
  it("count time in milliseconds, forwards", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
    const before = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
  });

  it("are as long as asked, in lower-case hex, and do not repeat", () => {
    const ids = Array.from({ length: 100 }, () => randomIds.hex(12));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(new Set(ids).size).toBe(100);
  });

  it("read the environment by name", () => {
    const environment = processEnvironment();
    expect(environment.get("PATH")).toBeTypeOf("string");
    expect(environment.get("NOMOS_NO_SUCH_VARIABLE")).toBeUndefined();
    expect(environment.names()).toContain("PATH");
  });
});
