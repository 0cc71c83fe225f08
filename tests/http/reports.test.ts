import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectError, TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open();
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const REFUND = {
  action_type: "payments.refund",
  resource: "payment://shop.example.com/orders/ORD-1",
};

async function authorize(actionId: string): Promise<void> {
  const { body } = await gateway.act({ ...REFUND, action_id: actionId, params: { amount: 5 } });
  expect(body).toMatchObject({
    decision: "ALLOW",
    execution_mode: "external_authorized",
    report_path: "/actions/report",
  });
}

function reportOf(actionId: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schema_version: "v1",
    action_id: actionId,
    trace_id: "trace_1",
    ...REFUND,
    outcome: "SUCCEEDED",
    ...more,
  });
}

describe("POST /actions/report", () => {
  it("records how an authorized action ended", async () => {
    await authorize("act_done");
    const report = reportOf("act_done", {
      message: "paid back",
      external_reference: "re_1",
      status_code: 201,
    });
    const { status, body } = await gateway.post("/actions/report", report);
    expect(status).toBe(200);
    expect(body).toEqual({
      recorded: true,
      trace_id: "trace_1",
      action_id: "act_done",
      outcome: "SUCCEEDED",
    });
    const [event] = await gateway.events({
      actionId: "act_done",
      eventType: "action.external_reported",
    });
    expect(event).toMatchObject({
      result_classification: "SUCCESS",
      principal: "system",
      executor_metadata: {
        execution_mode: "caller_reported",
        nomos_executed: false,
        external_reference: "re_1",
        status_code: 201,
        reported_outcome: "SUCCEEDED",
      },
    });
  });

  it("records a failure as one of the other side", async () => {
    await authorize("act_failed");
    const report = reportOf("act_failed", {
      outcome: "FAILED",
      message: "Bearer abcdefghijklmnop",
    });
    expect((await gateway.post("/actions/report", report)).body.outcome).toBe("FAILED");
    const [event] = await gateway.events({
      actionId: "act_failed",
      eventType: "action.external_reported",
    });
    expect(event?.["result_classification"]).toBe("UPSTREAM_ERROR");
    expect(JSON.stringify(event)).not.toContain("abcdefghijklmnop");
  });

  it.each([
    { name: "was never asked for", more: {} },
    { name: "belongs to another trace", more: { action_id: "act_mine", trace_id: "trace_2" } },
    {
      name: "was authorized for something else",
      more: { action_id: "act_mine", resource: "payment://shop.example.com/orders/ORD-2" },
    },
    {
      name: "was authorized as something else",
      more: { action_id: "act_mine", action_type: "payments.charge" },
    },
  ])("is 404 for an action that $name", async ({ more }) => {
    await authorize("act_mine");
    const answer = await gateway.post("/actions/report", reportOf("act_never", more));
    expect(answer.status).toBe(404);
    expectError(answer, "audit_error");
  });

  it("is 404 for an action of somebody else", async () => {
    await authorize("act_system");
    const answer = await gateway.post("/actions/report", reportOf("act_system"), {
      authorization: "Bearer other-api-key",
    });
    expect(answer.status).toBe(404);
    expectError(answer, "audit_error");
  });

  it("is 404 for an action that was denied", async () => {
    const denied = { ...REFUND, resource: "payment://elsewhere.example.com/1" };
    await gateway.act({ ...denied, action_id: "act_denied" });
    const answer = await gateway.post("/actions/report", reportOf("act_denied", denied));
    expect(answer.status).toBe(404);
  });

  it.each([
    { name: "a built-in type", more: { action_type: "fs.read", resource: "file://workspace/a" } },
    { name: "a type of Nomos that is reserved", more: { action_type: "mcp.call" } },
    { name: "an unknown member", more: { note: "x" } },
    { name: "another outcome", more: { outcome: "PENDING" } },
    { name: "a status that is text", more: { status_code: "201" } },
    { name: "no outcome", more: { outcome: undefined } },
    { name: "a principal", more: { principal: "root" } },
    { name: "an approval that is none", more: { approval_id: "Bearer abcdefghijklmnop" } },
    { name: "a fingerprint that is none", more: { approval_fingerprint: "0123" } },
  ])("is 400 for $name", async ({ more }) => {
    const answer = await gateway.post("/actions/report", reportOf("act_1", more));
    expect(answer.status).toBe(400);
    expectError(answer, "validation_error");
  });

  it("notes where no sink can tell what was authorized", async () => {
    const lines: string[] = [];
    await using blind = await TestGateway.open({
      config: { audit: { sink: "stdout" } },
      adapters: (real) => ({
        ...real,
        storage: {
          ...real.storage,
          writeStream: (_stream, bytes) => {
            lines.push(new TextDecoder().decode(bytes));
            return Promise.resolve();
          },
        },
      }),
    });
    expect((await blind.post("/actions/report", reportOf("act_blind"))).status).toBe(200);
    expect(lines.join("")).toContain('"authorization_checked":false');
  });
});
