import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../core/ports/mod.ts";
import { type Answer, expectError, TEST_RULES, TestGateway } from "../support/gateway.ts";
import { actionDocument, hmacHex, signedGetHeaders } from "../support/signed_request.ts";

/** The system's clock, which a test can put forward. */
class ShiftedClock implements Clock {
  shiftMs = 0;

  now(): number {
    return Date.now() + this.shiftMs;
  }

  monotonic(): number {
    return performance.now() + this.shiftMs;
  }
}

const TOKEN = "a-webhook-token-nobody-guesses";
const BOSS = { authorization: "Bearer boss-api-key" };

let gateway: TestGateway;
let clock: ShiftedClock;

beforeEach(async () => {
  clock = new ShiftedClock();
  gateway = await TestGateway.open({
    config: {
      approvals: {
        enabled: true,
        ttl_seconds: 900,
        approver_principals: ["boss", "system"],
        webhook_token: TOKEN,
      },
      gateway: { concurrency_limit: 64 },
    },
    rules: [
      ...TEST_RULES,
      {
        id: "ask-once-per-file",
        action_type: "fs.write",
        resource: "file://workspace/classed/**",
        decision: "REQUIRE_APPROVAL",
        obligations: { approval_scope_class: "action_type_resource" },
      },
    ],
    adapters: (real) => ({ ...real, clock }),
  });
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
});

const WRITE = {
  action_type: "fs.write",
  resource: "file://workspace/guarded/a.txt",
  params: { content: "approved" },
};

function resumed(id: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return gateway.act({
    ...WRITE,
    context: { extensions: { approval: { approval_id: id } } },
    ...more,
  });
}

async function pending(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { status, body } = await gateway.act({ ...WRITE, ...more });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    decision: "REQUIRE_APPROVAL",
    reason: "require_approval_by_rule",
    approval_id: expect.stringMatching(/^apr_[0-9a-f]{24}$/),
    approval_fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    approval_expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  });
  return body.approval_id;
}

function decide(
  id: string,
  decision: string,
  headers: Readonly<Record<string, string | undefined>> = BOSS,
): Promise<Answer> {
  return gateway.post("/approvals/decide", JSON.stringify({ approval_id: id, decision }), headers);
}

function look(id: string, waitMs?: number, gone?: AbortSignal): Promise<Answer> {
  const target = `/approvals/${id}${waitMs === undefined ? "" : `?wait_ms=${waitMs}`}`;
  return gateway.fetch(target, { headers: signedGetHeaders(target) }, gone);
}

function written(): string | undefined {
  return gateway.folder.tree("workspace")["workspace/guarded/a.txt"];
}

describe("an approval", () => {
  it("is asked for once, decided, and lets the action through once", async () => {
    const id = await pending();
    expect(await pending()).toBe(id);
    expect(written()).toBeUndefined();

    const decided = await decide(id, "APPROVE");
    expect(decided.status).toBe(200);
    expect(Object.keys(decided.body)).toEqual([
      "decision",
      "reason",
      "approval_id",
      "approval_fingerprint",
      "approval_expires_at",
    ]);
    expect(decided.body).toMatchObject({
      decision: "ALLOW",
      reason: "approval_recorded",
      approval_id: id,
    });

    const first = await resumed(id);
    expect(first.body).toMatchObject({ decision: "ALLOW", reason: "allow_by_approval" });
    expect(written()).toBe("approved");

    const second = await resumed(id);
    expect(second.body).toMatchObject({ decision: "REQUIRE_APPROVAL" });
    expect(second.body.approval_id).not.toBe(id);
    const types = (await gateway.events()).map((event) => event["event_type"]);
    expect(types.filter((type) => type === "approval.requested")).toHaveLength(2);
    expect(types.filter((type) => type === "approval.decided")).toHaveLength(1);
    expect(types.filter((type) => type === "approval.applied")).toHaveLength(1);
  });

  it("lets exactly one of 64 retries at once through", async () => {
    const id = await pending();
    await decide(id, "APPROVE");
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => resumed(id, { action_id: `act_${i}` })),
    );
    const allowed = answers.filter(({ body }) => body.decision === "ALLOW");
    expect(allowed).toHaveLength(1);
    expect(answers.filter(({ body }) => body.decision === "REQUIRE_APPROVAL")).toHaveLength(63);
  });

  it("may be decided in any case, and again the same way", async () => {
    const id = await pending();
    expect((await decide(id, "aPProve")).status).toBe(200);
    expect((await decide(id, "approve")).status).toBe(200);
    const events = await gateway.events({ eventType: "approval.decided" });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      approval_id: id,
      executor_metadata: { decided_by: "boss", channel: "http" },
    });
  });

  it("of a class is good until it expires", async () => {
    const classed = { resource: "file://workspace/classed/b.txt" };
    const id = await pending(classed);
    await decide(id, "APPROVE");
    for (const content of ["one", "two"]) {
      const { body } = await resumed(id, { ...classed, params: { content } });
      expect(body.reason).toBe("allow_by_approval");
    }
    const other = await resumed(id, { resource: "file://workspace/classed/c.txt" });
    expect(other.body.decision).toBe("REQUIRE_APPROVAL");
    clock.shiftMs = 901_000;
    expect((await resumed(id, classed)).body.decision).toBe("REQUIRE_APPROVAL");
  });
});

describe("an approval that does not fit", () => {
  it.each<{ name: string; change: Readonly<Record<string, unknown>> }>([
    { name: "params that differ in one byte", change: { params: { content: "approveD" } } },
    { name: "params with a blank more", change: { params: { content: "approved " } } },
    { name: "another resource", change: { resource: "file://workspace/guarded/b.txt" } },
    { name: "a member more", change: { params: { content: "approved", encoding: "utf8" } } },
  ])("asks afresh: $name", async ({ change }) => {
    const id = await pending();
    await decide(id, "APPROVE");
    const { body } = await resumed(id, change);
    expect(body.decision).toBe("REQUIRE_APPROVAL");
    expect(body.approval_id).not.toBe(id);
    expect((await resumed(id)).body.decision).toBe("ALLOW");
  });

  it("asks afresh when it was asked for by another principal or agent", async () => {
    const id = await pending();
    await decide(id, "APPROVE");
    const body = actionDocument({
      ...WRITE,
      context: { extensions: { approval: { approval_id: id } } },
    });
    const otherPrincipal = await gateway.post("/action", body, {
      authorization: "Bearer other-api-key",
    });
    expect(otherPrincipal.body.decision).toBe("REQUIRE_APPROVAL");
    const otherAgent = await gateway.post("/action", body, {
      "x-nomos-agent-id": "second",
      "x-nomos-agent-signature": hmacHex("second-agent-secret", body),
    });
    expect(otherAgent.body.decision).toBe("REQUIRE_APPROVAL");
    expect(written()).toBeUndefined();
  });

  it("asks afresh when it was denied, is unknown, or is still undecided", async () => {
    const undecided = await pending();
    expect((await resumed(undecided)).body).toMatchObject({
      decision: "REQUIRE_APPROVAL",
      approval_id: undecided,
    });
    await decide(undecided, "DENY");
    for (const id of [undecided, "apr_000000000000000000000000", "", "'; drop table approvals"]) {
      const { body } = await resumed(id);
      expect(body.decision).toBe("REQUIRE_APPROVAL");
    }
    expect(written()).toBeUndefined();
  });

  it("asks afresh once it expired", async () => {
    const id = await pending();
    await decide(id, "APPROVE");
    clock.shiftMs = 900_000;
    const { body } = await resumed(id);
    expect(body.decision).toBe("REQUIRE_APPROVAL");
    expect(body.approval_id).not.toBe(id);
  });

  it.each([
    { name: "more than an id", approval: { approval_id: "apr_1", note: "x" } },
    { name: "no id", approval: {} },
    { name: "an id that is no text", approval: { approval_id: 7 } },
    { name: "plain text", approval: "apr_1" },
  ])("is 400 with $name", async ({ approval }) => {
    const answer = await gateway.act({ ...WRITE, context: { extensions: { approval } } });
    expect(answer.status).toBe(400);
    expectError(answer, "validation_error");
  });
});

describe("a decision", () => {
  it("is 404 for an approval that is not there", async () => {
    const answer = await decide("apr_000000000000000000000000", "APPROVE");
    expect(answer.status).toBe(404);
    expectError(answer, "approval_error");
  });

  it("is 400 once the approval expired", async () => {
    const id = await pending();
    clock.shiftMs = 900_000;
    const answer = await decide(id, "APPROVE");
    expect(answer.status).toBe(400);
    expectError(answer, "approval_error");
  });

  it("is 409 once it was decided otherwise, or used", async () => {
    const denied = await pending();
    await decide(denied, "DENY");
    const otherwise = await decide(denied, "APPROVE");
    expect(otherwise.status).toBe(409);
    expectError(otherwise, "approval_error");
    const used = await pending();
    await decide(used, "APPROVE");
    await resumed(used);
    for (const vote of ["APPROVE", "DENY"]) expect((await decide(used, vote)).status).toBe(409);
  });

  it("is 403 for who may not approve, and for who asked", async () => {
    const id = await pending();
    const stranger = await decide(id, "APPROVE", { authorization: "Bearer other-api-key" });
    expect(stranger.status).toBe(403);
    expectError(stranger, "forbidden");
    const self = await decide(id, "APPROVE", {});
    expect(self.status).toBe(403);
    expectError(self, "forbidden");
    expect((await resumed(id)).body.decision).toBe("REQUIRE_APPROVAL");
  });

  it("that is forbidden is on record, with who tried", async () => {
    const id = await pending();
    await decide(id, "APPROVE", { authorization: "Bearer other-api-key" });
    await decide(id, "APPROVE", {});
    const tried = () => gateway.events({ eventType: "auth.failed" });
    await expect.poll(async () => (await tried()).length).toBe(2);
    expect(await tried()).toMatchObject([
      { decision: "DENY", reason: "forbidden", principal: "other" },
      { decision: "DENY", reason: "forbidden", principal: "system" },
    ]);
  });

  it("needs no agent, but refuses one that does not sign", async () => {
    const id = await pending();
    const forged = await decide(id, "APPROVE", {
      ...BOSS,
      "x-nomos-agent-signature": "0".repeat(64),
    });
    expect(forged.status).toBe(401);
    const alone = { ...BOSS, "x-nomos-agent-id": undefined, "x-nomos-agent-signature": undefined };
    expect((await decide(id, "APPROVE", alone)).status).toBe(200);
  });
});

describe("an agent that waits", () => {
  it("sees its approval as it stands", async () => {
    const id = await pending();
    const { status, body, headers } = await look(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ approval_id: id, status: "PENDING" });
    expect(headers.get("cache-control")).toBe("no-store");
    await decide(id, "APPROVE");
    expect((await look(id)).body.status).toBe("APPROVED");
    await resumed(id);
    expect((await look(id)).body.status).toBe("USED");
  });

  it("is told the moment somebody decides", async () => {
    const id = await pending();
    const waiting = look(id, 30_000);
    const began = performance.now();
    setTimeout(() => void decide(id, "APPROVE"), 30);
    const { body } = await waiting;
    expect(body.status).toBe("APPROVED");
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it("is told that nothing happened when its time is up", async () => {
    const id = await pending();
    expect((await look(id, 40)).body.status).toBe("PENDING");
  });

  it("is let go when the gateway shuts down", async () => {
    const id = await pending();
    const waiting = look(id, 30_000);
    setTimeout(() => gateway.stopping.abort(), 30);
    expect((await waiting).body.status).toBe("PENDING");
  });

  it("is given up when it goes away", async () => {
    const id = await pending();
    const gone = new AbortController();
    const waiting = look(id, 30_000, gone.signal);
    setTimeout(() => gone.abort(), 30);
    await waiting;
  });

  it("takes no slot from those who act", async () => {
    await using narrow = await TestGateway.open({
      config: { approvals: { enabled: true }, gateway: { concurrency_limit: 1 } },
    });
    const { body } = await narrow.act(WRITE);
    const target = `/approvals/${body.approval_id}?wait_ms=300`;
    const waiting = narrow.fetch(target, { headers: signedGetHeaders(target) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await narrow.act()).status).toBe(200);
    expect((await waiting).status).toBe(200);
  });

  it("learns nothing of approvals that others asked for", async () => {
    const body = actionDocument(WRITE);
    const asked = await gateway.post("/action", body, { authorization: "Bearer other-api-key" });
    const foreign = await look(asked.body.approval_id);
    const unknown = await look("apr_000000000000000000000000");
    for (const answer of [foreign, unknown]) {
      expect(answer.status).toBe(404);
      expectError(answer, "approval_error");
    }
  });

  it.each(["-1", "1.5", "1e3", "soon", "", " 1", "99999999999"])(
    "is 400 with a time that is none: %s",
    async (wait) => {
      const target = `/approvals/apr_1?wait_ms=${encodeURIComponent(wait)}`;
      const answer = await gateway.fetch(target, { headers: signedGetHeaders(target) });
      expect(answer.status).toBe(400);
      expectError(answer, "validation_error");
    },
  );
});

describe("the approval webhook", () => {
  const call = (id: string, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    gateway.fetch("/webhooks/approvals", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ approval_id: id, decision: "APPROVE" }),
    });

  it("decides with the right token, and is on record as what it is", async () => {
    const id = await pending();
    const { status, body } = await call(id, { "x-nomos-webhook-token": TOKEN });
    expect(status).toBe(200);
    expect(body).toMatchObject({ decision: "ALLOW", reason: "approval_recorded" });
    expect(await gateway.events({ eventType: "approval.decided.webhook" })).toHaveLength(1);
    expect((await resumed(id)).body.decision).toBe("ALLOW");
  });

  it.each([undefined, "", "wrong", `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()])(
    "is 401 with the token %s",
    async (token) => {
      const id = await pending();
      const answer = await call(id, token === undefined ? {} : { "x-nomos-webhook-token": token });
      expect(answer.status).toBe(401);
      expectError(answer, "auth_error");
      expect((await resumed(id)).body.decision).toBe("REQUIRE_APPROVAL");
      const events = () => gateway.events({ eventType: "auth.failed" });
      await expect.poll(async () => (await events()).length).toBe(1);
      expect(await events()).toMatchObject([{
        reason: "auth_error",
        executor_metadata: { auth_failure: "webhook_token", transport: "http" },
      }]);
    },
  );

  it("is 404 where no token is configured, even for an empty one", async () => {
    await using closed = await TestGateway.open({ config: { approvals: { enabled: true } } });
    for (const headers of [{}, { "x-nomos-webhook-token": "" }]) {
      const answer = await closed.fetch("/webhooks/approvals", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ approval_id: "apr_1", decision: "APPROVE" }),
      });
      expect(answer.status).toBe(404);
      expectError(answer, "not_enabled");
    }
  });
});
