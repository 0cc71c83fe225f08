import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../../cli/adapters/clock_ids.ts";
import type { Approvals, ApprovalVote, DecisionChannel } from "../../../../core/approvals/mod.ts";
import type { ActionFacts, Terms } from "../../../../core/model/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";
import {
  ALICE,
  approvalsOf,
  approved,
  asIs,
  BY_CLASS,
  factsOf,
  json,
  ONCE,
  temporaryFolder,
} from "./support.ts";

const MINUTE = 60_000;
const CLI = { by: "op", channel: "cli" } as const;

describe("asking for an approval", () => {
  it("makes a pending one, bound and with a time to live", async () => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const { record, created } = await approvals.request(factsOf(), ONCE, asIs);
    expect(created).toBe(true);
    expect(record).toMatchObject({
      id: `apr_${"1".padStart(24, "0")}`,
      status: "PENDING",
      principal: "alice",
      agent: "nomos",
      environment: "dev",
      actionType: "payments.refund",
      scopeType: "fingerprint",
      createdAtMs: clock.wallMs,
      expiresAtMs: clock.wallMs + 15 * MINUTE,
    });
    expect(await approvals.get(record.id)).toEqual({ ok: true, value: record });
  });

  it("finds the same live one again, also when many ask at once", async () => {
    const approvals = await approvalsOf();
    const asked = await Promise.all(
      Array.from({ length: 16 }, () => approvals.request(factsOf(), ONCE, asIs)),
    );
    expect(new Set(asked.map((a) => a.record.id)).size).toBe(1);
    expect(asked.filter((a) => a.created)).toHaveLength(1);
  });

  it.each<[string, Partial<ActionFacts>, Terms, boolean]>([
    ["other params", { params: json('{"amount":2}') }, ONCE, false],
    ["another principal", { identity: { ...ALICE, principal: "bob" } }, ONCE, false],
    ["another agent", { identity: { ...ALICE, agent: "x" } }, ONCE, false],
    ["another environment", { identity: { ...ALICE, environment: "prod" } }, ONCE, false],
    ["another trace", { traceId: "t2", id: "act_2" }, ONCE, true],
    ["the class instead", {}, BY_CLASS, false],
  ])("does or does not share one with %s", async (_, more, terms, same) => {
    const approvals = await approvalsOf();
    const first = await approvals.request(factsOf(), ONCE, asIs);
    const second = await approvals.request(factsOf(more), terms, asIs);
    expect(second.record.id === first.record.id).toBe(same);
  });

  it("shares one of a class between actions of the class", async () => {
    const approvals = await approvalsOf();
    const first = await approvals.request(factsOf(), BY_CLASS, asIs);
    const other = factsOf({ params: json('{"amount":2}') });
    expect((await approvals.request(other, BY_CLASS, asIs)).record.id).toBe(first.record.id);
  });

  it("makes a new one when the old one expired, was decided or used", async () => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const ids = new Set<string>();
    ids.add((await approvals.request(factsOf(), ONCE, asIs)).record.id);
    clock.advance(15 * MINUTE);
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    ids.add(record.id);
    await approvals.decide(record.id, "DENY", CLI);
    const used = await approved(approvals);
    await approvals.claim(used.id, factsOf(), ONCE);
    ids.add(used.id);
    ids.add((await approvals.request(factsOf(), ONCE, asIs)).record.id);
    expect(ids.size).toBe(4);
  });
});

describe("deciding", () => {
  const later = (minutes: number) => minutes * MINUTE;

  it.each<[string, ApprovalVote[], number, ApprovalVote, string]>([
    ["approves what is pending", [], 0, "APPROVE", "APPROVED true"],
    ["denies what is pending", [], 0, "DENY", "DENIED true"],
    ["approves twice as once", ["APPROVE"], 0, "APPROVE", "APPROVED false"],
    ["denies twice as once", ["DENY"], 0, "DENY", "DENIED false"],
    ["does not deny what is approved", ["APPROVE"], 0, "DENY", "approval_conflict"],
    ["does not approve what is denied", ["DENY"], 0, "APPROVE", "approval_conflict"],
    ["decides until it expires", [], 14, "APPROVE", "APPROVED true"],
    ["decides nothing that expired", [], 15, "APPROVE", "approval_expired"],
    ["decides nothing that expired decided", ["APPROVE"], 15, "APPROVE", "approval_expired"],
    ["decides nothing from the future", [], -2, "APPROVE", "approval_expired"],
  ])("%s", async (_, before, minutes, vote, expected) => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    for (const earlier of before) await approvals.decide(record.id, earlier, CLI);
    clock.advance(later(minutes));
    const result = await approvals.decide(record.id, vote, CLI);
    expect(
      result.ok ? `${result.value.record.status} ${result.value.changed}` : result.reason.code,
    ).toBe(expected);
  });

  it("does not know what was never asked for", async () => {
    const approvals = await approvalsOf();
    expect(await approvals.decide("apr_nope", "APPROVE", CLI)).toMatchObject({
      reason: { code: "approval_unknown" },
    });
  });

  it("refuses either decision on what was used", async () => {
    const approvals = await approvalsOf();
    const { id } = await approved(approvals);
    await approvals.claim(id, factsOf(), ONCE);
    for (const vote of ["APPROVE", "DENY"] as const) {
      expect(await approvals.decide(id, vote, CLI)).toMatchObject({
        reason: { code: "approval_conflict" },
      });
    }
  });

  it.each<[DecisionChannel, string | undefined, boolean, string]>([
    ["http", "boss", false, "ok"],
    ["ui", "boss", false, "ok"],
    ["http", "mallory", false, "forbidden"],
    ["ui", "mallory", false, "forbidden"],
    ["http", undefined, false, "forbidden"],
    ["http", "alice", false, "forbidden"],
    ["http", "alice", true, "ok"],
    ["cli", "alice", false, "forbidden"],
    ["cli", "alice", true, "ok"],
    ["cli", undefined, false, "ok"],
    ["webhook", undefined, false, "ok"],
    ["slack", undefined, false, "ok"],
  ])("over %s as %s with self approval %s: %s", async (channel, principal, self, expected) => {
    const approvals = await approvalsOf({
      approverPrincipals: ["boss", "alice"],
      allowSelfApproval: self,
    });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    const result = await approvals.decide(record.id, "APPROVE", {
      by: "x",
      channel,
      ...(principal === undefined ? {} : { principal }),
    });
    expect(result.ok ? "ok" : result.reason.code).toBe(expected);
    const stored = await approvals.get(record.id);
    expect(stored.ok && stored.value.status).toBe(expected === "ok" ? "APPROVED" : "PENDING");
  });

  it("does not tell somebody who may not decide which approvals exist", async () => {
    const approvals = await approvalsOf();
    expect(
      await approvals.decide("apr_nope", "APPROVE", {
        by: "mallory",
        channel: "http",
        principal: "mallory",
      }),
    ).toMatchObject({ reason: { code: "forbidden" } });
  });

  it("writes down who decided, when, how and why", async () => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    clock.advance(1_500);
    await approvals.decide(record.id, "DENY", {
      by: "U123",
      channel: "slack",
      comment: "x".repeat(2_000),
    });
    const stored = await approvals.get(record.id);
    expect(stored.ok && stored.value).toMatchObject({
      status: "DENIED",
      decidedBy: "U123",
      channel: "slack",
      decidedAtMs: clock.wallMs,
      comment: "x".repeat(1_000),
    });
  });
});

describe("using an approval", () => {
  it.each<[string, Partial<ActionFacts>]>([
    ["other params", { params: json('{"amount":2}') }],
    ["another type", { type: "payments.charge" }],
    ["another resource", { resource: "payment://shop.example.com/orders/2" }],
    ["another principal", { identity: { ...ALICE, principal: "bob" } }],
    ["another agent", { identity: { ...ALICE, agent: "other" } }],
    ["another environment", { identity: { ...ALICE, environment: "prod" } }],
  ])("does not work for %s, and leaves it unspent", async (_, more) => {
    const approvals = await approvalsOf();
    const { id } = await approved(approvals);
    expect(await approvals.claim(id, factsOf(more), ONCE)).toBeUndefined();
    expect(await approvals.claim(id, factsOf(more), BY_CLASS)).toBeUndefined();
    expect(await approvals.claim(id, factsOf(), ONCE)).toMatchObject({ id, status: "USED" });
  });

  it("works once for an action", async () => {
    const approvals = await approvalsOf();
    const { id } = await approved(approvals);
    expect(await approvals.claim(id, factsOf(), ONCE)).toMatchObject({ status: "USED" });
    expect(await approvals.claim(id, factsOf(), ONCE)).toBeUndefined();
  });

  it("works for a class again and again, until it expires", async () => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const { id } = await approved(approvals, factsOf(), BY_CLASS);
    for (const amount of [1, 2, 3]) {
      const facts = factsOf({ params: json(`{"amount":${amount}}`) });
      expect(await approvals.claim(id, facts, BY_CLASS)).toMatchObject({ status: "APPROVED" });
    }
    clock.advance(15 * MINUTE);
    expect(await approvals.claim(id, factsOf(), BY_CLASS)).toBeUndefined();
  });

  it("of a class does not work when the rules no longer want classes", async () => {
    const approvals = await approvalsOf();
    const { id } = await approved(approvals, factsOf(), BY_CLASS);
    expect(await approvals.claim(id, factsOf(), ONCE)).toBeUndefined();
  });

  it("of an action works, once, when the rules want classes by now", async () => {
    const approvals = await approvalsOf();
    const { id } = await approved(approvals);
    expect(await approvals.claim(id, factsOf(), BY_CLASS)).toMatchObject({ status: "USED" });
    expect(await approvals.claim(id, factsOf(), BY_CLASS)).toBeUndefined();
  });

  it.each<[string, number]>([["it expired", 15 * MINUTE], ["the clock was set back", -2 * MINUTE]])(
    "does not work once %s",
    async (_, ms) => {
      const clock = new ManualClock();
      const approvals = await approvalsOf({}, { clock });
      const { id } = await approved(approvals);
      clock.advance(ms);
      expect(await approvals.claim(id, factsOf(), ONCE)).toBeUndefined();
    },
  );

  it.each([["that is pending"], ["that was denied"], ["nobody asked for"]])(
    "does not work with one %s",
    async (which) => {
      const approvals = await approvalsOf();
      const { record } = await approvals.request(factsOf(), ONCE, asIs);
      if (which === "that was denied") await approvals.decide(record.id, "DENY", CLI);
      const id = which === "nobody asked for" ? "apr_' OR 1=1 --" : record.id;
      expect(await approvals.claim(id, factsOf(), ONCE)).toBeUndefined();
    },
  );

  it("lets exactly one of 64 through, over four connections to one file", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const clock = new ManualClock();
    const doors: Approvals[] = [];
    for (let i = 0; i < 4; i++) doors.push(await approvalsOf({}, { path, clock }));
    const [first] = doors;
    if (first === undefined) throw new Error("no door");
    for (let round = 0; round < 5; round++) {
      const facts = factsOf({ params: json(`{"round":${round}}`) });
      const { record } = await first.request(facts, ONCE, asIs);
      await first.decide(record.id, "APPROVE", CLI);
      const claims = await Promise.all(
        Array.from({ length: 64 }, (_, i) => doors[i % 4]?.claim(record.id, facts, ONCE)),
      );
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    }
  });

  it("survives a restart", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const clock = new ManualClock();
    const before = await approvalsOf({}, { path, clock });
    const { record } = await before.request(factsOf(), ONCE, asIs);
    await before.close();
    const between = await approvalsOf({}, { path, clock });
    await between.decide(record.id, "APPROVE", CLI);
    await between.close();
    const after = await approvalsOf({}, { path, clock });
    expect(await after.claim(record.id, factsOf(), ONCE)).toMatchObject({ status: "USED" });
  });
});

describe("waiting for a decision", () => {
  const clock = systemClock;

  it("ends when somebody decides in this process, at once", async () => {
    const approvals = await approvalsOf({}, { clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    const started = performance.now();
    const waiting = approvals.wait(record.id, ALICE, { waitMs: 5_000 });
    setTimeout(() => void approvals.decide(record.id, "APPROVE", CLI), 20);
    expect(await waiting).toMatchObject({ ok: true, value: { status: "APPROVED" } });
    expect(performance.now() - started).toBeLessThan(240);
  });

  it("ends soon when somebody decides in another process", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const approvals = await approvalsOf({}, { path, clock });
    const other = await approvalsOf({}, { path, clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    const waiting = approvals.wait(record.id, ALICE, { waitMs: 5_000 });
    await other.decide(record.id, "DENY", CLI);
    expect(await waiting).toMatchObject({ ok: true, value: { status: "DENIED" } });
  });

  it("ends when the time is up, when the caller leaves and when approvals close", async () => {
    const approvals = await approvalsOf({}, { clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    const pending = { ok: true, value: { status: "PENDING" } };
    expect(await approvals.wait(record.id, ALICE, { waitMs: 0 })).toMatchObject(pending);
    expect(await approvals.wait(record.id, ALICE, { waitMs: 30 })).toMatchObject(pending);
    const gone = new AbortController();
    const left = approvals.wait(record.id, ALICE, { waitMs: 60_000, signal: gone.signal });
    gone.abort();
    expect(await left).toMatchObject(pending);
    const last = approvals.wait(record.id, ALICE, { waitMs: 60_000 });
    await approvals.get(record.id);
    await approvals.close();
    expect(await last).toMatchObject(pending);
  });

  it("tells nobody else that there is one", async () => {
    const approvals = await approvalsOf({}, { clock });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    for (const part of ["principal", "agent", "environment"]) {
      const other = { ...ALICE, [part]: "other" };
      expect(await approvals.wait(record.id, other, { waitMs: 1_000 })).toMatchObject({
        reason: { code: "approval_unknown" },
      });
    }
  });
});

describe("listing approvals", () => {
  it("shows the newest first, by status, and leaves out what expired when asked to", async () => {
    const clock = new ManualClock();
    const approvals = await approvalsOf({}, { clock });
    const old = await approvals.request(factsOf({ params: json('{"n":0}') }), ONCE, asIs);
    clock.advance(15 * MINUTE);
    const denied = await approvals.request(factsOf({ params: json('{"n":1}') }), ONCE, asIs);
    await approvals.decide(denied.record.id, "DENY", CLI);
    clock.advance(1);
    const fresh = await approvals.request(factsOf({ params: json('{"n":2}') }), ONCE, asIs);
    const idsOf = async (query: Parameters<typeof approvals.list>[0]) =>
      (await approvals.list(query)).map((record) => record.id);
    const [a, b, c] = [old, denied, fresh].map(({ record }) => record.id);
    expect(await idsOf({})).toEqual([c, b, a]);
    expect(await idsOf({ status: "PENDING" })).toEqual([c, a]);
    expect(await idsOf({ status: "PENDING", liveAtMs: clock.wallMs })).toEqual([c]);
    expect(await idsOf({ limit: 1 })).toEqual([c]);
  });
});
