import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectError, TestGateway } from "../support/gateway.ts";
import { actionDocument, signedGetHeaders } from "../support/signed_request.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open();
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

/** Every path with the methods it knows. */
const PATHS: readonly { path: string; allow: readonly string[] }[] = [
  { path: "/action", allow: ["POST"] },
  { path: "/run", allow: ["POST"] },
  { path: "/explain", allow: ["POST"] },
  { path: "/actions/report", allow: ["POST"] },
  { path: "/approvals/decide", allow: ["POST"] },
  { path: "/webhooks/approvals", allow: ["POST"] },
  { path: "/approvals/apr_000000000000000000000000", allow: ["GET", "HEAD"] },
  { path: "/healthz", allow: ["GET", "HEAD"] },
  { path: "/readyz", allow: ["GET", "HEAD"] },
  { path: "/version", allow: ["GET", "HEAD"] },
  { path: "/openapi.json", allow: ["GET", "HEAD"] },
  { path: "/openapi.yaml", allow: ["GET", "HEAD"] },
];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

describe("a known path with another method", () => {
  const wrong = PATHS.flatMap(({ path, allow }) =>
    METHODS.filter((method) => !allow.includes(method)).map((method) => ({ method, path, allow }))
  );

  it.each(wrong)("is 405 with Allow: $method $path", async ({ method, path, allow }) => {
    const answer = await gateway.fetch(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow.join(", "));
    if (method === "HEAD") expect(answer.text).toBe("");
    else expectError(answer, "validation_error");
  });
});

describe("an unknown path", () => {
  it.each([
    "/",
    "/actions",
    "/action/",
    "/Action",
    "/approvals",
    "/approvals/",
    "/approvals/a/b",
    "/webhooks/discord/approvals",
    "/api",
    "/uix",
    "/%2e%2e/etc/passwd",
    "/.env",
    "/__proto__",
    "/constructor",
  ])("is 404: %s", async (path) => {
    for (const method of ["GET", "POST"]) {
      const answer = await gateway.fetch(path, { method });
      expect(answer.status).toBe(404);
      expectError(answer, "validation_error");
    }
  });
});

describe("a path whose feature is off", () => {
  it.each([
    { path: "/webhooks/slack/approvals", says: "Slack" },
    { path: "/webhooks/teams/approvals", says: "Teams" },
    { path: "/admin/reload", says: "reload" },
    { path: "/metrics", says: "Prometheus" },
    { path: "/ui", says: "UI" },
    { path: "/ui/index.html", says: "UI" },
    { path: "/api/ui/approvals", says: "UI" },
    { path: "/api/ui/traces/trace_1", says: "UI" },
  ])("is 404 not_enabled and says so: $path", async ({ path, says }) => {
    for (const method of ["GET", "POST"]) {
      const answer = await gateway.fetch(path, { method, headers: { host: "localhost:8080" } });
      expect(answer.status).toBe(404);
      expectError(answer, "not_enabled");
      expect(answer.body.error.message).toContain(says);
      expect(answer.body.error.message).toContain("not enabled");
    }
  });
});

describe("HEAD", () => {
  it.each(["/healthz", "/readyz", "/version", "/openapi.json"])(
    "answers like GET without a body: %s",
    async (path) => {
      const get = await gateway.fetch(path);
      const head = await gateway.fetch(path, { method: "HEAD" });
      expect(head.status).toBe(get.status);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
      expect(head.text).toBe("");
    },
  );
});

describe("statuses of answers", () => {
  it("are 200 for every decision of policy", async () => {
    const decisions = [
      { document: {}, decision: "ALLOW", reason: "allow_by_rule" },
      {
        document: { resource: "file://workspace/.env" },
        decision: "DENY",
        reason: "deny_by_rule",
      },
      {
        document: { action_type: "fs.write", params: { content: "" } },
        decision: "DENY",
        reason: "deny_by_default",
      },
      {
        document: {
          action_type: "fs.write",
          resource: "file://workspace/guarded/a",
          params: { content: "" },
        },
        decision: "REQUIRE_APPROVAL",
        reason: "require_approval_by_rule",
      },
      { document: { params: { lines: 1 } }, decision: "DENY", reason: "invalid_params" },
    ];
    for (const { document, decision, reason } of decisions) {
      const answer = await gateway.act(document);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ decision, reason });
      expect(answer.body).not.toHaveProperty("error");
    }
  });

  it("are 200 with the fingerprint alone when approvals are off", async () => {
    const { status, body } = await gateway.act({
      action_type: "fs.write",
      resource: "file://workspace/guarded/a",
      params: { content: "" },
    });
    expect(status).toBe(200);
    expect(body.approval_fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(body).not.toHaveProperty("approval_id");
    expect(body).not.toHaveProperty("approval_expires_at");
  });

  it.each([
    { code: "validation_error", document: { action_id: "" } },
    { code: "normalization_error", document: { resource: "file://workspace/../etc/passwd" } },
    { code: "execution_error", document: { resource: "file://workspace/missing.txt" } },
  ])("are 400 for $code", async ({ code, document }) => {
    const answer = await gateway.act(document);
    expect(answer.status).toBe(400);
    expectError(answer, code);
  });

  it("are the same on /run and /action", async () => {
    const action = await gateway.act({}, "/action");
    const run = await gateway.act({}, "/run");
    expect(run.status).toBe(action.status);
    expect(run.text).toBe(action.text);
  });

  it("are 404 for an approval that is not there, and for approvals that are off", async () => {
    const target = "/approvals/apr_000000000000000000000000";
    const answer = await gateway.fetch(target, { headers: signedGetHeaders(target) });
    expect(answer.status).toBe(404);
    expectError(answer, "not_enabled");
    const decided = await gateway.post(
      "/approvals/decide",
      JSON.stringify({ approval_id: "apr_1", decision: "APPROVE" }),
    );
    expect(decided.status).toBe(404);
    expectError(decided, "not_enabled");
  });
});

describe("an explanation", () => {
  it("has no effect and no audit of an execution", async () => {
    const before = (await gateway.events()).length;
    const answer = await gateway.post(
      "/explain",
      actionDocument({
        action_type: "fs.write",
        resource: "file://workspace/free/explained.txt",
        params: { content: "x" },
      }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ decision: "ALLOW", reason_code: "allow_by_rule" });
    expect(await gateway.events()).toHaveLength(before);
    expect(gateway.folder.tree("workspace")).not.toHaveProperty(["workspace/free/explained.txt"]);
  });
});
