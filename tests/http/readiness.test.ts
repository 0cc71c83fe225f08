import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../../core/testing/mod.ts";
import { expectError, TestGateway } from "../support/gateway.ts";
import { actionDocument, signedGetHeaders } from "../support/signed_request.ts";

/** A gateway whose audit goes to a disk that a test can fill. */
async function onDisk(): Promise<{ gateway: TestGateway; disk: MemoryStorage }> {
  const disk = new MemoryStorage();
  const gateway = await TestGateway.open({
    config: { audit: { sink: "file:audit.jsonl" } },
    adapters: (real) => ({ ...real, storage: disk }),
  });
  return { gateway, disk };
}

describe("a gateway whose audit cannot be written", () => {
  it("executes nothing, says 503, and names the check; and goes on once it can", async () => {
    const { gateway, disk } = await onDisk();
    await using _closing = gateway;
    const write = {
      action_type: "fs.write",
      resource: "file://workspace/free/a.txt",
      params: { content: "x" },
    };
    expect((await gateway.fetch("/readyz")).body).toEqual({ ready: true, failing: [] });

    disk.free = 0;
    const answer = await gateway.act(write);
    expect(answer.status).toBe(503);
    expectError(answer, "audit_unavailable");
    expect(gateway.folder.tree("workspace")).not.toHaveProperty(["workspace/free/a.txt"]);
    const denied = await gateway.act({ resource: "file://workspace/.env" });
    expect(denied.status).toBe(503);

    const ready = await gateway.fetch("/readyz");
    expect(ready.status).toBe(503);
    expect(ready.body.ready).toBe(false);
    expect(ready.body.failing.map((check: { id: string }) => check.id)).toEqual([
      "audit.sink_writable",
    ]);
    expect(ready.text).not.toContain(gateway.folder.path);
    expect((await gateway.fetch("/healthz")).status).toBe(200);

    disk.free = Infinity;
    expect((await gateway.act(write)).status).toBe(200);
    expect((await gateway.fetch("/readyz")).status).toBe(200);
  });

  it("does not record decisions of approvals either", async () => {
    const disk = new MemoryStorage();
    await using gateway = await TestGateway.open({
      config: {
        audit: { sink: "file:audit.jsonl" },
        approvals: { enabled: true, approver_principals: ["boss"] },
      },
      adapters: (real) => ({ ...real, storage: disk }),
    });
    const asked = await gateway.act({
      action_type: "fs.write",
      resource: "file://workspace/guarded/a",
      params: { content: "x" },
    });
    disk.free = 0;
    await gateway.act();
    const decision = { approval_id: asked.body.approval_id, decision: "APPROVE" };
    const answer = await gateway.post("/approvals/decide", JSON.stringify(decision), {
      authorization: "Bearer boss-api-key",
    });
    expect(answer.status).toBe(503);
    expectError(answer, "audit_unavailable");
  });
});

describe("a gateway that is shutting down", () => {
  it("is not healthy, not ready, and takes nothing new", async () => {
    await using gateway = await TestGateway.open({ config: { approvals: { enabled: true } } });
    gateway.stopping.abort();
    const health = await gateway.fetch("/healthz");
    expect(health.status).toBe(503);
    expect(health.text).toBe("shutting down");
    const ready = await gateway.fetch("/readyz");
    expect(ready.status).toBe(503);
    expect(ready.body.failing).toEqual([{ id: "gateway.serving", message: "shutting down" }]);
    const paths = ["/action", "/run", "/explain", "/actions/report", "/approvals/decide"];
    for (const path of [...paths, "/webhooks/approvals"]) {
      const answer = await gateway.post(path, actionDocument());
      expect(answer.status).toBe(503);
      expectError(answer, "shutting_down");
      expect(answer.headers.get("connection")).toBe("close");
    }
    const target = "/approvals/apr_1";
    const wait = await gateway.fetch(target, { headers: signedGetHeaders(target) });
    expect(wait.status).toBe(503);
    expectError(wait, "shutting_down");
  });

  it("is still known by its version and its contract", async () => {
    await using gateway = await TestGateway.open();
    gateway.stopping.abort();
    for (const path of ["/version", "/openapi.json"]) {
      expect((await gateway.fetch(path)).status).toBe(200);
    }
  });

  it("answers what the engine refuses by then like any other", async () => {
    await using gateway = await TestGateway.open();
    gateway.assembly.engine.stop();
    const answer = await gateway.act();
    expect(answer.status).toBe(503);
    expectError(answer, "shutting_down");
  });
});

describe("a fault", () => {
  it("is 500 without details; the operator's log has them", async () => {
    await using gateway = await TestGateway.open();
    const { engine } = gateway.assembly;
    engine.parts.traces.peek = () => {
      throw new Error("the machine is on fire at /secret/place");
    };
    const answer = await gateway.act({}, "/explain");
    expect(answer.status).toBe(500);
    expectError(answer, "internal_error");
    expect(answer.text).not.toContain("fire");
    expect(gateway.faults.map(String)).toEqual(["Error: the machine is on fire at /secret/place"]);
  });

  it("inside of an action is 500, on record, and counts for the breaker", async () => {
    await using gateway = await TestGateway.open({
      config: { gateway: { circuit_breaker_failures: 1 } },
      adapters: (real) => ({
        ...real,
        openWorkspace: async (root, options) =>
          Object.assign(await real.openWorkspace(root, options), {
            hold: () => Promise.reject(new Error("the disk is gone")),
          }),
      }),
    });
    const answer = await gateway.act({ action_id: "act_fault" });
    expect(answer.status).toBe(500);
    expectError(answer, "internal_error");
    expect(answer.body).toMatchObject({ action_id: "act_fault", trace_id: "trace_1" });
    const [completed] = await gateway.events({
      actionId: "act_fault",
      eventType: "action.completed",
    });
    expect(completed).toMatchObject({ result_classification: "INTERNAL_ERROR" });
    expect(gateway.log.join("\n")).toContain("the disk is gone");
  });
});
