import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/audit.ts";
import { startWriter } from "./support/children.ts";
import { examine } from "./support/verify.ts";

describe("standard error that nobody reads any more", () => {
  it("is a failed sink: nothing is acknowledged after it, and nothing is lost", async () => {
    const file = `file:${join(temporaryFolder(), "audit.jsonl")}`;
    const writer = startWriter(`${file},stderr`, "r");
    await writer.reached(100);
    writer.process.stderr?.destroy();
    // The writer ends at its first refusal.
    await new Promise((resolve) => writer.process.once("exit", resolve));
    expect(writer.process.exitCode).toBe(1);
    const { report, actionIds } = await examine(file);
    expect(report).toMatchObject({ status: "intact", gap_count: 0 });
    expect(writer.acknowledged.filter((id) => !actionIds.has(id))).toEqual([]);
  });
});
