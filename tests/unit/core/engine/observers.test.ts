import { describe, expect, it } from "vitest";
import { MemoryRateLimits } from "../../../../core/limits/mod.ts";
import type { Observer } from "../../../../core/ports/mod.ts";
import { load } from "../../../property/policy_subject.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

const READ = JSON.stringify({
  schema_version: "v1",
  action_id: "act_1",
  action_type: "fs.read",
  resource: "file://workspace/README.md",
  params: {},
  trace_id: "trace_1",
  context: {},
});

async function world(observer: Observer): Promise<{ made: TestWorld; faults: unknown[] }> {
  const made = await testWorld(
    await load([
      { id: "read", action_type: "fs.read", resource: "file://workspace/**", decision: "ALLOW" },
    ], { index: true }),
  );
  made.workspace.files.set("README.md", new TextEncoder().encode("hello\n"));
  const faults: unknown[] = [];
  const rules = [
    { id: "q", scope: "global_tool", actionType: "fs.read", burst: 1, refillPerMinute: 1 },
  ] as const;
  Object.assign(made.engine.parts, {
    observers: [observer],
    quotas: new MemoryRateLimits({ enabled: true, rules }, { clock: made.clock }),
    onFault: (fault: unknown) => faults.push(fault),
  });
  return { made, faults };
}

describe("an observer", () => {
  it("is told of quotas and of how the action went", async () => {
    const seen: unknown[] = [];
    const { made } = await world({
      action: ({ verdict, reason }) => seen.push([verdict, reason]),
      rateLimit: ({ result, ruleId }) => seen.push([result, ruleId]),
    });
    await made.engine.run(arrivalOf(READ));
    await made.engine.run(arrivalOf(READ));
    expect(seen).toEqual([
      ["allowed", "q"],
      ["ALLOW", "allow_by_rule"],
      ["exceeded", "q"],
      ["DENY", "RATE_LIMIT_EXCEEDED"],
    ]);
  });

  it("that fails changes no answer, and the operator's log hears of it", async () => {
    const fail = () => {
      throw new Error("telemetry is down");
    };
    const { made, faults } = await world({ action: fail, rateLimit: fail });
    const reply = await made.engine.run(arrivalOf(READ));
    expect(reply.body).toMatchObject({ decision: "ALLOW", output: "hello\n" });
    expect(made.workspace.held).toBe(0);
    expect(faults).toHaveLength(2);
  });
});

describe("a fault that cannot even be put on record", () => {
  it("leaves nothing held", async () => {
    const { made } = await world({ action: () => {} });
    const { recorder } = made.engine.parts;
    recorder.record = () => Promise.reject(new Error("broken"));
    recorder.recordAfter = () => Promise.reject(new Error("broken"));
    await expect(made.engine.run(arrivalOf(READ))).rejects.toThrow("broken");
    expect(made.workspace.held).toBe(0);
  });
});
