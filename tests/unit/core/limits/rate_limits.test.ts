import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createRateLimits,
  type RateLimitRule,
  type RateLimitSettings,
  type RateSubject,
} from "../../../../core/limits/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const READ: RateSubject = {
  principal: "alice",
  actionType: "fs.read",
  resource: "file://workspace/a",
};

function rule(more: Partial<RateLimitRule>): RateLimitRule {
  return {
    id: "r",
    scope: "principal_action",
    actionType: "fs.read",
    burst: 1,
    refillPerMinute: 60,
    ...more,
  };
}

function limitsOf(rules: RateLimitRule[], more: Partial<RateLimitSettings> = {}) {
  const clock = new ManualClock();
  const limits = createRateLimits({ enabled: true, rules, ...more }, { clock });
  return { clock, limits };
}

function passes(limits: ReturnType<typeof limitsOf>["limits"], more: Partial<RateSubject> = {}) {
  return limits.check({ ...READ, ...more }).ok;
}

describe("quotas", () => {
  it("let through what no rule counts", () => {
    const { limits } = limitsOf([rule({ actionType: "fs.write" })]);
    expect([passes(limits), passes(limits), limits.size]).toEqual([true, true, 0]);
  });

  it("do nothing when they are disabled", () => {
    const { limits } = limitsOf([rule({})], { enabled: false });
    expect([passes(limits), passes(limits)]).toEqual([true, true]);
  });

  it("say which rules counted an action", () => {
    const { limits } = limitsOf([rule({ id: "a" }), rule({ id: "b", principal: "bob" })]);
    const answer = limits.check(READ);
    expect(answer.ok && answer.value.map((r) => r.id)).toEqual(["a"]);
  });

  it.each<[string, Partial<RateLimitRule>, Partial<RateSubject>, boolean]>([
    ["another principal has its own bucket", {}, { principal: "bob" }, true],
    ["another action type is not counted", {}, { actionType: "fs.write" }, true],
    ["another type has its own bucket under *", { actionType: "*" }, {
      actionType: "fs.write",
    }, true],
    ["an empty type means any", { actionType: "" }, {}, false],
    [
      "another resource shares the principal's bucket",
      {},
      { resource: "file://workspace/b" },
      false,
    ],
    [
      "resources have buckets of their own by resource",
      {
        scope: "principal_resource",
        resource: "file://workspace/**",
      },
      { resource: "file://workspace/b" },
      true,
    ],
    [
      "the same resource shares one across types",
      {
        scope: "principal_resource",
        actionType: "*",
        resource: "file://workspace/**",
      },
      { actionType: "fs.write" },
      false,
    ],
    ["everybody shares a global bucket", { scope: "global_tool" }, { principal: "bob" }, false],
    [
      "a resource that the pattern does not cover is not counted",
      {
        resource: "file://workspace/*.md",
      },
      { resource: "file://workspace/a.ts" },
      true,
    ],
  ])("%s", (_, more, second, expected) => {
    const { limits } = limitsOf([rule(more)]);
    limits.check(READ);
    expect(passes(limits, second)).toBe(expected);
  });

  it.each<[RateLimitRule["scope"], string]>([
    ["principal_action", "principal_action|r|alice|fs.read"],
    ["principal_resource", "principal_resource|r|alice|file://workspace/a"],
    ["global_tool", "global_tool|r|fs.read"],
  ])("name the empty bucket of %s", (scope, key) => {
    const { limits } = limitsOf([rule({ scope, resource: "file://workspace/**" })]);
    limits.check(READ);
    const answer = limits.check(READ);
    expect(answer).toEqual({
      ok: false,
      reason: {
        code: "RATE_LIMIT_EXCEEDED",
        message: 'Cannot perform "fs.read": the quota "r" is used up, expected a wait of 1000 ms',
        retryAfterMs: 1000,
        metadata: {
          rate_limit_rule_id: "r",
          rate_limit_scope: scope,
          rate_limit_bucket_key: key,
          rate_limit_remaining_tokens: 0,
          rate_limit_refill_per_minute: 60,
        },
      },
    });
  });

  it("take from none when one bucket is empty", () => {
    const { limits } = limitsOf([
      rule({ id: "wide", burst: 2 }),
      rule({ id: "narrow", scope: "principal_resource", resource: "file://workspace/**" }),
    ]);
    expect([passes(limits), passes(limits)]).toEqual([true, false]);
    expect(passes(limits, { resource: "file://workspace/b" })).toBe(true);
    expect(passes(limits, { resource: "file://workspace/c" })).toBe(false);
  });

  it("ask to wait for the slowest of several empty buckets", () => {
    const { limits, clock } = limitsOf([
      rule({ id: "fast" }),
      rule({ id: "slow", refillPerMinute: 6 }),
    ]);
    limits.check(READ);
    const answer = limits.check(READ);
    if (answer.ok) throw new Error("expected a refusal");
    expect(answer.reason.retryAfterMs).toBe(10_000);
    clock.advance(10_000);
    expect(passes(limits)).toBe(true);
  });

  it("keep apart names that look alike once they are joined", () => {
    const { limits } = limitsOf([rule({
      scope: "principal_resource",
      resource: "**",
      actionType: "*",
    })]);
    expect(passes(limits, { principal: "a|b", resource: "c://d" })).toBe(true);
    expect(passes(limits, { principal: "a", resource: "b|c://d" })).toBe(true);
  });

  it("count long resources like short ones", () => {
    const { limits } = limitsOf([rule({ scope: "principal_resource", resource: "**" })]);
    const long = `file://workspace/${"x".repeat(5000)}`;
    expect(passes(limits, { resource: long })).toBe(true);
    expect(passes(limits, { resource: `${long}y` })).toBe(true);
    expect(passes(limits, { resource: long })).toBe(false);
  });

  it("drop buckets that are idle and full", () => {
    const { limits, clock } = limitsOf([rule({})], { evictAfterSeconds: 60 });
    for (let i = 0; i < 10; i++) passes(limits, { principal: `p${i}` });
    expect(limits.size).toBe(10);
    clock.advance(61_000);
    for (let i = 0; i < 20; i++) passes(limits);
    expect(limits.size).toBe(1);
  });

  it("never forget a bucket that is not full: that would give tokens away", () => {
    const { limits, clock } = limitsOf([rule({ burst: 100, refillPerMinute: 1 })], {
      evictAfterSeconds: 60,
    });
    for (let i = 0; i < 100; i++) limits.check(READ);
    clock.advance(120_000);
    for (let i = 0; i < 50; i++) passes(limits, { principal: `p${i}` });
    expect([passes(limits), passes(limits), passes(limits)]).toEqual([true, true, false]);
  });

  it("refuse rather than forget when there is no room, and let in again when there is", () => {
    const { limits, clock } = limitsOf([rule({})], { maxBuckets: 3 });
    for (const principal of ["a", "b", "c"]) expect(passes(limits, { principal })).toBe(true);
    expect(limits.check({ ...READ, principal: "d" })).toMatchObject({
      ok: false,
      reason: { code: "RATE_LIMIT_EXCEEDED", retryAfterMs: 1000 },
    });
    clock.advance(1_000);
    expect(passes(limits, { principal: "d" })).toBe(true);
    expect(limits.size).toBeLessThanOrEqual(3);
  });

  it("count an action even when its own full bucket made room for another", () => {
    const rules = [
      rule({ id: "a" }),
      rule({ id: "b", scope: "principal_resource", resource: "**" }),
    ];
    const { limits, clock } = limitsOf(rules, { maxBuckets: 2 });
    expect(passes(limits)).toBe(true);
    clock.advance(1_000);
    expect(passes(limits, { resource: "file://workspace/other" })).toBe(true);
    expect(passes(limits, { resource: "file://workspace/other" })).toBe(false);
    expect(limits.size).toBe(2);
  });

  it("never let more through than burst + refill · t, with any table size", () => {
    const step = fc.record({ ms: fc.nat(3_000), principal: fc.nat(6) });
    fc.assert(fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (steps, maxBuckets, burst) => {
        const rules = [
          rule({ burst, refillPerMinute: 30 }),
          rule({ id: "all", scope: "global_tool", burst: 100, refillPerMinute: 6_000 }),
        ];
        const { limits, clock } = limitsOf(rules, { maxBuckets, evictAfterSeconds: 1 });
        const given = new Map<number, number>();
        for (const { ms, principal } of steps) {
          clock.advance(ms);
          if (!passes(limits, { principal: `p${principal}` })) continue;
          given.set(principal, (given.get(principal) ?? 0) + 1);
          expect(given.get(principal)).toBeLessThanOrEqual(burst + clock.monotonicMs * 30 / 60_000);
          expect(limits.size).toBeLessThanOrEqual(maxBuckets);
        }
      },
    ));
  });
});
