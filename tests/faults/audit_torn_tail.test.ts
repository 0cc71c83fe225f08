import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { decision, openTestRecorder, temporaryFolder, verifyText } from "../support/audit.ts";

describe("a last line that was cut anywhere", () => {
  it("leaves a log that goes on intact", async () => {
    const path = join(temporaryFolder(), "audit.jsonl");
    const first = await openTestRecorder(`file:${path}`, createAdapters());
    for (const id of ["a", "b", "c"]) await first.record([decision(id)]);
    await first.close();
    const whole = readFileSync(path);
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let end = lastLine; end <= whole.length; end++) {
      writeFileSync(path, whole.subarray(0, end));
      const recorder = await openTestRecorder(`file:${path}`, createAdapters());
      expect((await recorder.record([decision("d")])).ok).toBe(true);
      await recorder.close();
      const text = readFileSync(path, "utf8");
      const report = await verifyText(text);
      expect(report, `cut at ${end}`).toMatchObject({ status: "intact", warnings: [] });
      expect(report.chains).toHaveLength(1);
      const torn = end > lastLine && end < whole.length - 1;
      expect(text.includes("audit.recovered"), `cut at ${end}`).toBe(torn);
    }
  });
});
