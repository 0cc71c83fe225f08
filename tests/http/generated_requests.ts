import fc from "fast-check";
import { expect } from "vitest";
import { type Answer, TEST_RULES, TestGateway } from "../support/gateway.ts";
import { actionDocument, signedGetHeaders, signedHeaders } from "../support/signed_request.ts";

const TOKEN = "generated-webhook-token";

/** Valid documents of every path that takes one. */
const SEEDS: Readonly<Record<string, readonly string[]>> = {
  "/action": actions(),
  "/run": actions(),
  "/explain": actions(),
  "/actions/report": [
    JSON.stringify({
      schema_version: "v1",
      action_id: "act_1",
      trace_id: "trace_1",
      action_type: "payments.refund",
      resource: "payment://shop.example.com/orders/1",
      outcome: "SUCCEEDED",
      status_code: 200,
    }),
  ],
  "/approvals/decide": [
    JSON.stringify({ approval_id: "apr_0123456789abcdef01234567", decision: "APPROVE" }),
  ],
  "/webhooks/approvals": [
    JSON.stringify({ approval_id: "apr_0123456789abcdef01234567", decision: "DENY" }),
  ],
};

/** The paths that generated documents are sent to. */
export const GENERATED_PATHS: readonly string[] = Object.keys(SEEDS);

function actions(): readonly string[] {
  return [
    actionDocument(),
    actionDocument({ params: { offset_line: 1, limit_lines: 2 } }),
    actionDocument({
      action_type: "fs.write",
      resource: "file://workspace/free/a.txt",
      params: { content: "x", encoding: "utf8" },
    }),
    actionDocument({
      action_type: "fs.write",
      resource: "file://workspace/guarded/a.txt",
      params: { content: "x" },
      context: { extensions: { approval: { approval_id: "apr_0123456789abcdef01234567" } } },
    }),
    actionDocument({
      action_type: "process.exec",
      resource: "file://workspace/",
      params: { argv: ["true"] },
    }),
    actionDocument({
      action_type: "net.http_request",
      resource: "url://api.example.com/x?y",
      params: { method: "GET", headers: { a: "b" } },
    }),
    actionDocument({
      action_type: "repo.apply_patch",
      resource: "repo://org/repo",
      params: { patch: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" },
    }),
    actionDocument({ action_type: "payments.refund", resource: "payment://shop.example.com/1" }),
  ];
}

/** Pieces of JSON that parsers have stumbled over. */
const PIECES = [
  ...['"', "\\", "{", "}", "[", "]", ",", ":", "null", "true", "1e999", "-0", "9007199254740993"],
  ...["\\u0000", "\\ud800", "\u0000", "\u202e", "%2e%2e", "../", "//", "\\\\", "__proto__"],
  ...['"constructor":{}', '"a":1,"a":2', "[[[[[[[[", "💥", "\ufeff", " ".repeat(100)],
];

/** A text with a few places changed. */
function mutated(seed: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(seed.length),
    drop: fc.nat(12),
    put: fc.oneof(fc.constant(""), fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
  });
  return fc.array(change, { minLength: 0, maxLength: 4 }).map((changes) =>
    changes.reduce(
      (text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop),
      seed,
    )
  );
}

/** A valid document with some members exchanged for anything. */
function exchanged(seed: string): fc.Arbitrary<string> {
  const names = Object.keys(JSON.parse(seed));
  return fc.dictionary(
    fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 12 })),
    fc.jsonValue({ maxDepth: 4 }),
    { maxKeys: 3 },
  ).map((changes) => JSON.stringify({ ...JSON.parse(seed), ...changes }));
}

function documentsOf(path: string): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const seeds = fc.constantFrom(...SEEDS[path] ?? []);
  const encoder = new TextEncoder();
  const texts = fc.oneof(
    { weight: 5, arbitrary: seeds.chain(mutated) },
    { weight: 5, arbitrary: seeds.chain(exchanged) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 8 }) },
  );
  return fc.oneof(
    { weight: 9, arbitrary: texts.map((text) => encoder.encode(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => bytes.slice()) },
  );
}

/** A gateway that allows what generated documents ask for, as far as it stays in its workspace. */
export async function openGeneratedGateway(): Promise<TestGateway> {
  return await TestGateway.open({
    config: {
      approvals: { enabled: true, approver_principals: ["boss"], webhook_token: TOKEN },
      audit: { durability: "normal" },
      gateway: { rate_limit_per_minute: 100_000_000, circuit_breaker_failures: 1_000_000 },
      executor: { exec_timeout_ms: 2_000, http_timeout_ms: 500 },
    },
    rules: [
      ...TEST_RULES,
      {
        id: "patch",
        action_type: "repo.apply_patch",
        resource: "repo://org/repo",
        decision: "ALLOW",
      },
      {
        id: "fetch",
        action_type: "net.http_request",
        resource: "url://**",
        decision: "ALLOW",
        obligations: { net_allowlist: ["api.example.com"] },
      },
    ],
    adapters: (real) => ({
      ...real,
      resolver: { resolve: () => Promise.resolve(["192.0.2.1"]) },
      http: {
        send: () =>
          Promise.resolve({
            ok: true as const,
            value: { status: 200, headers: [], body: new Uint8Array(3), cut: false },
          }),
      },
    }),
  });
}

/** Sends generated documents to one path; none may end in a fault, a stack or silence. */
export async function sendGenerated(
  gateway: TestGateway,
  path: string,
  runs: number,
): Promise<void> {
  const request = fc.record({
    body: documentsOf(path),
    proven: fc.constantFrom(true, true, true, false),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ body, proven }) => {
      const headers = signedHeaders(body, {
        ...(proven ? {} : { "x-nomos-agent-signature": "0".repeat(64) }),
        "x-nomos-webhook-token": proven ? TOKEN : "wrong",
        ...(path === "/approvals/decide" ? { authorization: "Bearer boss-api-key" } : {}),
      });
      expectSane(await gateway.fetch(path, { method: "POST", body, headers }));
    }),
    { numRuns: runs },
  );
}

/** Asks for approvals by generated names. */
export async function askGenerated(gateway: TestGateway, runs: number): Promise<void> {
  const target = fc.tuple(fc.webSegment(), fc.option(fc.webQueryParameters(), { nil: undefined }))
    .map(([id, query]) => `/approvals/${id}${query === undefined ? "" : `?${query}&wait_ms=1`}`);
  await fc.assert(
    fc.asyncProperty(target, async (path) => {
      const url = new URL(path, "http://localhost");
      const headers = signedGetHeaders(url.pathname + url.search);
      expectSane(await gateway.fetch(path, { headers }));
    }),
    { numRuns: runs },
  );
}

function expectSane(answer: Answer): void {
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toMatch(/\\n\s+at |node_modules|\.ts:\d|\[object |undefined/);
  expect(Object.prototype).not.toHaveProperty("polluted");
}
