import { describe, expect, it } from "vitest";
import { fail, ok } from "../../core/encoding/mod.ts";
import { refuse } from "../../core/model/mod.ts";
import type { Adapters, WireResponse } from "../../core/ports/mod.ts";
import { expectError, TestGateway } from "../support/gateway.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";

const FETCH_RULE = {
  id: "fetch",
  action_type: "net.http_request",
  resource: "url://api.example.com/**",
  decision: "ALLOW",
  obligations: { net_allowlist: ["api.example.com"] },
};
const FETCH = { action_type: "net.http_request", resource: "url://api.example.com/x", params: {} };

/** The network, of which a test says what it answers. */
function network(
  send: () => ReturnType<Adapters["http"]["send"]>,
): (real: Adapters) => Adapters {
  return (real) => ({
    ...real,
    resolver: { resolve: () => Promise.resolve(["93.184.216.34"]) },
    http: { send },
  });
}

const FINE: WireResponse = { status: 200, headers: [], body: new Uint8Array(), cut: false };

describe("requests per minute", () => {
  it("are 429 with Retry-After once they are used up, for each identity", async () => {
    await using gateway = await TestGateway.open({
      config: { gateway: { rate_limit_per_minute: 3 } },
    });
    for (let i = 0; i < 3; i++) expect((await gateway.act()).status).toBe(200);
    const answer = await gateway.act();
    expect(answer.status).toBe(429);
    expectError(answer, "rate_limited");
    const wait = Number(answer.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(20);
    const other = await gateway.post("/action", actionDocument(), {
      authorization: "Bearer other-api-key",
    });
    expect(other.status).toBe(200);
  });

  it("are not used up by who is not proven", async () => {
    await using gateway = await TestGateway.open({
      config: { gateway: { rate_limit_per_minute: 2 } },
    });
    for (let i = 0; i < 20; i++) {
      const forged = { "x-nomos-agent-signature": "0".repeat(64) };
      expect((await gateway.post("/action", actionDocument(), forged)).status).toBe(401);
    }
    expect((await gateway.act()).status).toBe(200);
  });

  it("are counted on every path that acts or explains", async () => {
    await using gateway = await TestGateway.open({
      config: { gateway: { rate_limit_per_minute: 2 } },
    });
    expect((await gateway.act({}, "/explain")).status).toBe(200);
    expect((await gateway.act({}, "/run")).status).toBe(200);
    for (const path of ["/action", "/run", "/explain", "/actions/report"]) {
      expect((await gateway.act({}, path)).status).toBe(429);
    }
  });
});

describe("actions at once", () => {
  it("are 429 beyond the limit; nothing is queued, and a slot comes back", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    await using gateway = await TestGateway.open({
      config: { gateway: { concurrency_limit: 2 } },
      rules: [FETCH_RULE],
      adapters: network(async () => {
        await held;
        return ok(FINE);
      }),
    });
    const running = [gateway.act(FETCH), gateway.act(FETCH)];
    await expect.poll(() => gateway.assembly.engine.parts.guards.inflight).toBe(2);
    const third = await gateway.act(FETCH);
    expect(third.status).toBe(429);
    expectError(third, "rate_limited");
    expect(third.headers.get("retry-after")).toBe("1");
    release();
    for (const answer of await Promise.all(running)) expect(answer.status).toBe(200);
    expect((await gateway.act(FETCH)).status).toBe(200);
  });

  it("are not held by who is not proven or sends its body slowly", async () => {
    await using gateway = await TestGateway.open({ config: { gateway: { concurrency_limit: 1 } } });
    const slow = new ReadableStream<Uint8Array>({ pull: () => new Promise<void>(() => {}) });
    void gateway.fetch("/action", {
      method: "POST",
      body: slow,
      headers: { "content-type": "application/json" },
    });
    expect((await gateway.act()).status).toBe(200);
  });
});

describe("the breaker of an identity", () => {
  it("opens after failed executions, with Retry-After, and lets others through", async () => {
    let works = false;
    await using gateway = await TestGateway.open({
      config: { gateway: { circuit_breaker_failures: 3, circuit_breaker_cooldown_seconds: 7 } },
      rules: [FETCH_RULE],
      adapters: network(() =>
        Promise.resolve(works ? ok(FINE) : fail(refuse("upstream_error", "Cannot connect")))
      ),
    });
    for (let i = 0; i < 3; i++) {
      const answer = await gateway.act(FETCH);
      expect(answer.status).toBe(400);
      expectError(answer, "execution_error");
    }
    const answer = await gateway.act(FETCH);
    expect(answer.status).toBe(429);
    expectError(answer, "circuit_open");
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(5);
    expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(7);
    works = true;
    const other = await gateway.post("/action", actionDocument(FETCH), {
      authorization: "Bearer other-api-key",
    });
    expect(other.status).toBe(200);
  });

  it("does not count denials, bad input, or answers that are errors of a target", async () => {
    await using gateway = await TestGateway.open({
      config: { gateway: { circuit_breaker_failures: 1 } },
      rules: [FETCH_RULE, {
        ...FETCH_RULE,
        id: "read",
        action_type: "fs.read",
        resource: "file://workspace/**",
        obligations: {},
      }, {
        id: "patch",
        action_type: "repo.apply_patch",
        resource: "file://workspace/**",
        decision: "ALLOW",
      }, {
        id: "exec",
        action_type: "process.exec",
        resource: "file://workspace/",
        decision: "ALLOW",
        exec_match: { argv_patterns: [["./README.md"]] },
      }],
      adapters: network(() => Promise.resolve(ok({ ...FINE, status: 503 }))),
      files: { "folder/x": "x" },
    });
    const patch = "--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-another line\n+a line\n";
    const harmless = [
      { resource: "file://workspace/missing" },
      { resource: "file://workspace/folder" },
      { resource: `file://workspace/${"long".repeat(100)}` },
      { action_type: "repo.apply_patch", params: { patch } },
      {
        action_type: "process.exec",
        resource: "file://workspace/",
        params: { argv: ["./README.md"] },
      },
      { action_type: "fs.write", params: { content: "" } },
      { params: { unknown: 1 } },
      { action_id: "" },
      FETCH,
    ];
    for (const document of harmless) await gateway.act(document);
    expect((await gateway.act(FETCH)).body).toMatchObject({ decision: "ALLOW", status_code: 503 });
  });
});

describe("who goes away", () => {
  it("fails nothing that the breaker would count", async () => {
    const caller = new AbortController();
    let answers = false;
    await using gateway = await TestGateway.open({
      config: { gateway: { circuit_breaker_failures: 1 } },
      rules: [FETCH_RULE],
      adapters: network(() => {
        if (answers) return Promise.resolve(ok(FINE));
        caller.abort();
        return Promise.resolve(fail(refuse("upstream_error", "Cannot reach it: nobody waits")));
      }),
    });
    const body = actionDocument(FETCH);
    const init = { method: "POST", body, headers: signedHeaders(body) };
    await gateway.fetch("/action", init, caller.signal);
    answers = true;
    expect((await gateway.act(FETCH)).body).toMatchObject({ decision: "ALLOW" });
  });
});

describe("quotas", () => {
  it("are 200 with RATE_LIMIT_EXCEEDED: the decision is the answer", async () => {
    await using gateway = await TestGateway.open({
      config: {
        rate_limits: {
          principal_action: [{
            id: "reads",
            action_type: "fs.read",
            burst: 1,
            refill_per_minute: 1,
          }],
        },
      },
    });
    expect((await gateway.act()).body.decision).toBe("ALLOW");
    const { status, headers, body } = await gateway.act({ action_id: "act_2" });
    expect(status).toBe(200);
    expect(headers.get("retry-after")).toBeNull();
    expect(body).toMatchObject({
      decision: "DENY",
      reason: "RATE_LIMIT_EXCEEDED",
      trace_id: "trace_1",
      action_id: "act_2",
    });
    expect(body.retry_after_ms).toBeGreaterThan(0);
    expect(body).not.toHaveProperty("error");
    const [completed] = await gateway.events({ actionId: "act_2", eventType: "action.completed" });
    expect(completed).toMatchObject({
      result_classification: "RATE_LIMIT_EXCEEDED",
      retryable: true,
      executor_metadata: { rate_limit_rule_id: "reads", rate_limit_scope: "principal_action" },
    });
  });
});
