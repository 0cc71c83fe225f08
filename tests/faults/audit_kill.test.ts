import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/audit.ts";
import { startWriter } from "./support/children.ts";
import { examine } from "./support/verify.ts";

/** Fifty processes die in all. */
const CASES = [
  { name: "a file", sinks: ["file"], kills: 20 },
  { name: "a database", sinks: ["sqlite"], kills: 20 },
  { name: "both", sinks: ["sqlite", "file"], kills: 10 },
];

describe("a process that is killed while 64 writers record", () => {
  it.each(CASES)("loses nothing it acknowledged in $name", async ({ sinks, kills }) => {
    const folder = temporaryFolder();
    const targets = sinks.map((kind) => `${kind}:${join(folder, `audit.${kind}`)}`);
    const acknowledged: string[] = [];
    for (let round = 0; round < kills; round++) {
      const writer = startWriter(targets.join(","), `r${round}`);
      // Not always in the same place: after the first batch, and up to a thousand events later.
      await writer.reached(1 + Math.floor(Math.random() * 1000));
      await writer.kill();
      acknowledged.push(...writer.acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(kills);
    for (const target of targets) {
      const { report, actionIds } = await examine(target);
      expect(report, target).toMatchObject({ gap_count: 0, broken_count: 0, status: "intact" });
      expect(acknowledged.filter((id) => !actionIds.has(id)), target).toEqual([]);
      if (target === targets[0]) expect(report.chains, "one chain goes on").toHaveLength(1);
    }
  });
});

describe("two processes that write to one log", () => {
  it.each(["file", "sqlite"])("have a chain each in a %s, whoever dies first", async (kind) => {
    const target = `${kind}:${join(temporaryFolder(), "audit")}`;
    const first = startWriter(target, "first", 8);
    await first.reached(20);
    const second = startWriter(target, "second", 8);
    await second.reached(20);
    await first.kill();
    const third = startWriter(target, "third", 8);
    await third.reached(20);
    await second.reached(second.acknowledged.length + 20);
    await second.kill();
    await third.reached(third.acknowledged.length + 20);
    await third.kill();
    const { report, actionIds } = await examine(target);
    expect(report).toMatchObject({ broken_count: 0, status: "intact" });
    const kinds = report.chains.map((chain) => chain.chain_id.slice(0, 5)).sort();
    expect(kinds).toEqual(["main-", "side-"]);
    const all = [first, second, third].flatMap((writer) => writer.acknowledged);
    expect(all.filter((id) => !actionIds.has(id))).toEqual([]);
  });
});
