import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { decision, openTestRecorder, temporaryFolder } from "../support/audit.ts";
import { examine } from "./support/verify.ts";

describe("a database that somebody else locks", () => {
  it("refuses within a moment, without stopping everything else, and heals", async () => {
    const path = join(temporaryFolder(), "audit.db");
    const recorder = await openTestRecorder(`sqlite:${path}`, createAdapters());
    await recorder.record([decision("a")]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    const started = performance.now();
    const refused = await Promise.all([1, 2, 3].map((i) => recorder.record([decision(`no${i}`)])));
    clearInterval(ticking);
    expect(refused.map((result) => result.ok)).toEqual([false, false, false]);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(ticks, "other work went on").toBeGreaterThan(3);
    expect(recorder.health().sinks[0]?.message).toMatch(/locked/);
    other.exec("ROLLBACK");
    other.close();
    expect((await recorder.record([decision("b")])).ok).toBe(true);
    await recorder.close();
    const { report, actionIds } = await examine(`sqlite:${path}`);
    expect(report).toMatchObject({ status: "intact", warnings: [] });
    expect([...actionIds]).toEqual(["a", "b"]);
  });
});
