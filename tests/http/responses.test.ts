import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ok } from "../../core/encoding/mod.ts";
import { TEST_RULES, TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;

const REDACTED_LINE = "Authorization: Bearer abcdefghijklmnop\n";

beforeAll(async () => {
  gateway = await TestGateway.open({
    config: {
      approvals: { enabled: true },
      rate_limits: {
        principal_resource: [
          { id: "hot", resource: "file://workspace/hot/**", burst: 1, refill_per_minute: 1 },
        ],
      },
    },
    files: {
      "empty.txt": "",
      "long.txt": "line\n".repeat(50),
      "secret.txt": REDACTED_LINE,
      "hot/a.txt": "hot\n",
    },
    rules: [
      ...TEST_RULES,
      {
        id: "few-lines",
        action_type: "fs.read",
        resource: "file://workspace/long.txt",
        decision: "ALLOW",
        obligations: { output_max_lines: 3, tags: ["short"] },
      },
      {
        id: "told",
        action_type: "fs.write",
        resource: "file://workspace/told/**",
        decision: "DENY",
        message: "Ask the owner of this folder.",
      },
      {
        id: "fetch",
        action_type: "net.http_request",
        resource: "url://api.example.com/**",
        decision: "ALLOW",
        obligations: { net_allowlist: ["api.example.com"] },
      },
    ],
    adapters: (real) => ({
      ...real,
      resolver: { resolve: () => Promise.resolve(["93.184.216.34"]) },
      http: {
        send: () =>
          Promise.resolve(ok({ status: 404, headers: [], body: new Uint8Array(), cut: false })),
      },
    }),
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

/** The published order of members. */
const ORDER = [
  "decision",
  "reason",
  "message",
  "trace_id",
  "action_id",
  "execution_mode",
  "report_path",
  "output",
  "truncated",
  "bytes_written",
  "stdout",
  "stderr",
  "exit_code",
  "status_code",
  "obligations",
  "approval_id",
  "approval_fingerprint",
  "approval_expires_at",
  "credential_lease_id",
  "credential_lease_ids",
  "retry_after_ms",
  "error",
];

const WRITE = { action_type: "fs.write", resource: "file://workspace/free/a.txt" };

const CASES: readonly {
  name: string;
  document: Readonly<Record<string, unknown>>;
  members: readonly string[];
}[] = [
  { name: "a file that is read", document: {}, members: ["output"] },
  {
    name: "an empty file that is read",
    document: { resource: "file://workspace/empty.txt" },
    members: [],
  },
  {
    name: "a file that is read in part",
    document: { resource: "file://workspace/long.txt" },
    members: ["output", "truncated", "obligations"],
  },
  {
    name: "a file that is written",
    document: { ...WRITE, params: { content: "abc" } },
    members: ["bytes_written"],
  },
  { name: "a file that is emptied", document: { ...WRITE, params: { content: "" } }, members: [] },
  {
    name: "a request with an empty answer",
    document: { action_type: "net.http_request", resource: "url://api.example.com/x" },
    members: ["status_code", "obligations"],
  },
  {
    name: "a custom action",
    document: {
      action_type: "payments.refund",
      resource: "payment://shop.example.com/orders/1",
      params: { amount: 3 },
    },
    members: ["execution_mode", "report_path"],
  },
  {
    name: "an action that waits for a human",
    document: {
      ...WRITE,
      resource: "file://workspace/guarded/a.txt",
      params: { content: "abc" },
    },
    members: ["approval_id", "approval_fingerprint", "approval_expires_at"],
  },
  { name: "a denial", document: { resource: "file://workspace/.env" }, members: [] },
  {
    name: "a denial with a message",
    document: { ...WRITE, resource: "file://workspace/told/a", params: { content: "" } },
    members: ["message"],
  },
  { name: "invalid params", document: { params: { no: 1 } }, members: ["message"] },
  {
    name: "an error",
    document: { resource: "file://workspace/missing.txt" },
    members: ["error"],
  },
];

describe("a response document", () => {
  it.each(CASES)("has what it needs and nothing else for $name", async ({ document, members }) => {
    const { body } = await gateway.act(document);
    const common = ["decision", "reason", "trace_id", "action_id"];
    expect(Object.keys(body).sort()).toEqual([...common, ...members].sort());
  });

  it.each(CASES)("keeps the published order for $name", async ({ document }) => {
    const { body } = await gateway.act(document);
    const names = Object.keys(body);
    expect(names).toEqual(ORDER.filter((name) => names.includes(name)));
  });

  it.each(CASES)("holds no null, no false and nothing empty for $name", async ({ document }) => {
    const { body } = await gateway.act(document);
    for (const [name, value] of Object.entries(body)) {
      if (name === "exit_code" || name === "status_code") continue;
      expect([null, false, 0, "", undefined]).not.toContain(value);
      if (typeof value === "object") expect(Object.keys(value ?? {})).not.toEqual([]);
    }
  });

  it("repeats the ids of its request", async () => {
    const { body } = await gateway.act({ action_id: "act:7", trace_id: "trace.7" });
    expect(body).toMatchObject({ action_id: "act:7", trace_id: "trace.7" });
  });

  it("says when something is left out of the output, and leaves it out after redaction", async () => {
    const cut = await gateway.act({ resource: "file://workspace/long.txt" });
    expect(cut.body).toMatchObject({
      output: "line\nline\nline\n",
      truncated: true,
      obligations: { output_max_lines: 3, tags: ["short"] },
    });
    const secret = await gateway.act({ resource: "file://workspace/secret.txt" });
    expect(secret.body.output).toBe("[REDACTED]\n");
  });

  it("says how many milliseconds a quota needs", async () => {
    const hot = { resource: "file://workspace/hot/a.txt" };
    await gateway.act(hot);
    const { body } = await gateway.act(hot);
    expect(Object.keys(body)).toEqual([
      "decision",
      "reason",
      "message",
      "trace_id",
      "action_id",
      "retry_after_ms",
    ]);
  });

  it("is JSON in UTF-8 and says so", async () => {
    const { headers } = await gateway.act();
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  });
});
