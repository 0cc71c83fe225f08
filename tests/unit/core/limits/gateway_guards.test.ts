import { describe, expect, it } from "vitest";
import { GatewayGuards, type GatewayGuardSettings } from "../../../../core/limits/mod.ts";
import type { GuardedEnd } from "../../../../core/limits/mod.ts";
import type { IdentityFacts } from "../../../../core/model/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const ALICE: IdentityFacts = {
  principal: "alice",
  agent: "nomos",
  environment: "dev",
  method: "api_key",
};
const BOB: IdentityFacts = { ...ALICE, principal: "bob" };

function guardsOf(more: Partial<GatewayGuardSettings> = {}) {
  const clock = new ManualClock();
  const guards = new GatewayGuards({
    concurrencyLimit: 100,
    rateLimitPerMinute: 1_000,
    circuitBreakerFailures: 2,
    circuitBreakerCooldownSeconds: 60,
    ...more,
  }, clock);
  const run = (who: IdentityFacts, end: GuardedEnd): string => {
    const pass = guards.enter(who);
    if (!pass.ok) return pass.reason.code;
    pass.value.leave(end);
    return "in";
  };
  return { clock, guards, run };
}

describe("the gateway's guards", () => {
  it("let as many in at once as there are slots, and queue nothing", () => {
    const { guards, run } = guardsOf({ concurrencyLimit: 2 });
    const first = guards.enter(ALICE);
    guards.enter(ALICE);
    expect(guards.enter(BOB)).toMatchObject({
      ok: false,
      reason: { code: "rate_limited", retryAfterMs: 1000 },
    });
    if (first.ok) {
      first.value.leave("executed");
      first.value.leave("executed");
    }
    expect(guards.inflight).toBe(1);
    expect(run(BOB, "executed")).toBe("in");
  });

  it("count requests per identity and minute", () => {
    const { run, clock, guards } = guardsOf({ rateLimitPerMinute: 3 });
    const answers = [1, 2, 3, 4].map(() => run(ALICE, "not_executed"));
    expect(answers).toEqual(["in", "in", "in", "rate_limited"]);
    expect(guards.enter(ALICE)).toMatchObject({ reason: { retryAfterMs: 20_000 } });
    expect(run(BOB, "not_executed")).toBe("in");
    expect(run({ ...ALICE, agent: "other" }, "not_executed")).toBe("in");
    expect(run({ ...ALICE, environment: "prod" }, "not_executed")).toBe("in");
    clock.advance(20_000);
    expect(run(ALICE, "not_executed")).toBe("in");
    expect(guards.inflight).toBe(0);
  });

  it("shut an identity out after failures in a row, and let one probe decide", () => {
    const { run, guards, clock } = guardsOf();
    run(ALICE, "execution_failed");
    run(ALICE, "execution_failed");
    expect(guards.enter(ALICE)).toMatchObject({
      reason: { code: "circuit_open", retryAfterMs: 60_000 },
    });
    expect(run(BOB, "executed")).toBe("in");
    clock.advance(60_000);
    const probe = guards.enter(ALICE);
    expect(run(ALICE, "executed")).toBe("circuit_open");
    if (probe.ok) probe.value.leave("execution_failed");
    expect(run(ALICE, "executed")).toBe("circuit_open");
    clock.advance(60_000);
    expect(run(ALICE, "executed")).toBe("in");
    expect(run(ALICE, "execution_failed")).toBe("in");
    expect(run(ALICE, "executed")).toBe("in");
  });

  it("forget failures at a success, and ignore what was not executed", () => {
    const { run } = guardsOf();
    for (
      const end of ["execution_failed", "executed", "execution_failed", "not_executed"] as const
    ) {
      expect(run(ALICE, end)).toBe("in");
    }
    expect(run(ALICE, "execution_failed")).toBe("in");
    expect(run(ALICE, "executed")).toBe("circuit_open");
  });

  it("count failures of requests that were under way at the same time", () => {
    const { guards, run } = guardsOf();
    const passes = [guards.enter(ALICE), guards.enter(ALICE), guards.enter(ALICE)];
    for (const pass of passes) if (pass.ok) pass.value.leave("execution_failed");
    expect(run(ALICE, "executed")).toBe("circuit_open");
  });

  it("give a probe's place back when the probe was not executed", () => {
    const { run, clock } = guardsOf();
    run(ALICE, "execution_failed");
    run(ALICE, "execution_failed");
    clock.advance(60_000);
    expect(run(ALICE, "not_executed")).toBe("in");
    expect(run(ALICE, "executed")).toBe("in");
  });

  it("remember a bounded number of identities and refuse the rest", () => {
    const { run, clock } = guardsOf({ maxIdentities: 2, rateLimitPerMinute: 60 });
    expect(run(ALICE, "executed")).toBe("in");
    expect(run(BOB, "executed")).toBe("in");
    expect(run({ ...ALICE, principal: "carol" }, "executed")).toBe("rate_limited");
    clock.advance(1_000);
    expect(run({ ...ALICE, principal: "carol" }, "executed")).toBe("in");
  });
});
