import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestGateway } from "../support/gateway.ts";
import { actionDocument, signedGetHeaders } from "../support/signed_request.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open({ config: { approvals: { enabled: true } } });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describe("the trace context of a request", () => {
  it.each([
    { path: "/action", more: {}, status: 200 },
    { path: "/explain", more: {}, status: 200 },
    { path: "/action", more: { action_id: "" }, status: 400 },
    { path: "/explain", more: { action_id: "" }, status: 400 },
    { path: "/actions/report", more: {}, status: 400 },
    { path: "/approvals/decide", more: {}, status: 400 },
  ])("is echoed: $path $status", async ({ path, more, status }) => {
    const answer = await gateway.post(path, actionDocument(more), { traceparent: TRACEPARENT });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("traceparent")).toBe(TRACEPARENT);
    expect(answer.headers.get("tracestate")).toBeNull();
  });

  it("is echoed to who waits", async () => {
    const target = "/approvals/apr_1";
    const headers = signedGetHeaders(target, { traceparent: TRACEPARENT });
    const answer = await gateway.fetch(target, { headers });
    expect(answer.headers.get("traceparent")).toBe(TRACEPARENT);
  });

  it.each([
    "",
    "00",
    TRACEPARENT.toUpperCase(),
    TRACEPARENT.slice(0, -1),
    `${TRACEPARENT}-00`,
    `ff${TRACEPARENT.slice(2)}`,
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${"0".repeat(16)}-01`,
    "<script>",
  ])("is not echoed when it is none: %s", async (traceparent) => {
    const answer = await gateway.post("/action", actionDocument(), {
      traceparent,
      tracestate: "a=1",
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("traceparent")).toBeNull();
    expect(answer.headers.get("tracestate")).toBeNull();
  });

  it.each([
    { tracestate: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", echoed: true },
    { tracestate: "a@b=1", echoed: true },
    { tracestate: "no equals sign", echoed: false },
    { tracestate: "A=1", echoed: false },
    { tracestate: `a=${"x".repeat(600)}`, echoed: false },
  ])("comes with its state when that is one: $tracestate", async ({ tracestate, echoed }) => {
    const answer = await gateway.post("/action", actionDocument(), {
      traceparent: TRACEPARENT,
      tracestate,
    });
    expect(answer.headers.get("tracestate")).toBe(echoed ? tracestate : null);
  });
});
