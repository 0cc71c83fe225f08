import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectError, TestGateway } from "../support/gateway.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open({ config: { approvals: { enabled: true } } });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const LIMIT = 65_536;
const WITH_BODY = [
  "/action",
  "/run",
  "/explain",
  "/actions/report",
  "/approvals/decide",
  "/webhooks/approvals",
];

/** A valid request document of exactly this many bytes. */
function documentOf(bytes: number): string {
  const document = actionDocument();
  return document + " ".repeat(bytes - document.length);
}

/** A body of unknown length. */
function streamed(body: string, chunk = 4_096): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += chunk));
    },
  });
}

describe("the size of a body", () => {
  it.each(WITH_BODY)("is refused beyond 64 KiB: %s", async (path) => {
    const answer = await gateway.post(path, documentOf(LIMIT + 1));
    expect(answer.status).toBe(413);
    expectError(answer, "validation_error");
    expect(answer.headers.get("connection")).toBe("close");
  });

  it("may be exactly 64 KiB", async () => {
    const answer = await gateway.post("/action", documentOf(LIMIT));
    expect(answer.body).toMatchObject({ decision: "ALLOW" });
  });

  it("is refused by its announced length before a byte is read", async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull: () => {
        pulled++;
        return new Promise<void>(() => {});
      },
    }, { highWaterMark: 0 });
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body,
      headers: signedHeaders("", { "content-length": String(LIMIT + 1) }),
    });
    expect(answer.status).toBe(413);
    expect(pulled).toBe(0);
  });

  it.each(["10", "0010", "1", "99999999999999999999"])(
    "is counted whatever length was announced: %s",
    async (length) => {
      const body = documentOf(LIMIT + 1);
      const answer = await gateway.post("/action", body, { "content-length": length });
      expect(answer.status).toBe(413);
    },
  );

  it("is counted while a body without a length comes in", async () => {
    const body = documentOf(LIMIT + 1);
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body: streamed(body),
      headers: signedHeaders(body),
    });
    expect(answer.status).toBe(413);
  });

  it("stops the reading where the limit is, however much would come", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 8_192;
        controller.enqueue(new Uint8Array(8_192));
      },
    });
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body: endless,
      headers: signedHeaders(""),
    });
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(LIMIT + 5 * 8_192);
  });

  it("does not matter to a body in chunks that fits", async () => {
    const body = documentOf(LIMIT);
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body: streamed(body, 777),
      headers: signedHeaders(body),
    });
    expect(answer.body).toMatchObject({ decision: "ALLOW" });
  });

  it("follows gateway.max_body_bytes", async () => {
    await using large = await TestGateway.open({
      config: { gateway: { max_body_bytes: 100_000 } },
    });
    expect((await large.post("/action", documentOf(100_000))).status).toBe(200);
    expect((await large.post("/action", documentOf(100_001))).status).toBe(413);
  });

  it("of params and context has limits of its own", async () => {
    const params = await gateway.act({ params: { content: "x".repeat(32_768) } });
    expect(params.status).toBe(400);
    expect(params.body.error.details[0].pointer).toBe("/params");
    const context = await gateway.act({ context: { extensions: { note: "x".repeat(8_192) } } });
    expect(context.status).toBe(400);
    expect(context.body.error.details[0].pointer).toBe("/context");
  });
});

describe("a body that breaks off", () => {
  it("is 400", async () => {
    const body = new ReadableStream({
      start: (controller) => controller.error(new Error("the socket was closed by its peer")),
    });
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body,
      headers: signedHeaders(""),
    });
    expect(answer.status).toBe(400);
    expectError(answer, "validation_error");
    expect(answer.text).not.toContain("peer");
  });
});

describe("the type of a body", () => {
  it.each([
    undefined,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json-patch+json",
    "text/json",
    "application/problem+json",
    "",
    "application/json, text/plain",
  ])("is 415 when it is %s", async (type) => {
    for (const path of WITH_BODY) {
      const body = new TextEncoder().encode(actionDocument());
      const answer = await gateway.post(path, body, { "content-type": type });
      expect(answer.status).toBe(415);
      expectError(answer, "validation_error");
    }
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/json ;charset=UTF-8",
  ])("is taken when it is %s", async (type) => {
    const answer = await gateway.post("/action", actionDocument(), { "content-type": type });
    expect(answer.status).toBe(200);
  });
});

describe("a document that is not the one we publish", () => {
  const document = actionDocument();
  const cases: readonly { name: string; body: string | Uint8Array<ArrayBuffer>; at?: string }[] = [
    { name: "nothing", body: " " },
    { name: "no JSON", body: "{" },
    { name: "a list", body: "[]" },
    { name: "a word", body: '"action"' },
    { name: "null", body: "null" },
    { name: "two documents", body: document + document },
    { name: "a byte order mark", body: "\ufeff" + document },
    { name: "invalid UTF-8", body: Uint8Array.of(0x22, 0xff, 0x22) },
    { name: "a lone surrogate", body: document.replace("README", "\\ud800") },
    {
      name: "a member twice",
      body: document.replace("{", '{"action_id":"act_0",'),
      at: "/action_id",
    },
    {
      name: "a member twice, deep inside",
      body: actionDocument({ params: 0 }).replace('"params":0', '"params":{"a":{"b":1,"b":2}}'),
      at: "/params/a/b",
    },
    { name: "an unknown member", body: actionDocument({ note: "x" }), at: "/note" },
    { name: "a principal", body: actionDocument({ principal: "root" }), at: "/principal" },
    { name: "an agent", body: actionDocument({ agent: "nomos" }), at: "/agent" },
    { name: "an environment", body: actionDocument({ environment: "prod" }), at: "/environment" },
    { name: "__proto__", body: document.replace("{", '{"__proto__":{},'), at: "/__proto__" },
    { name: "another version", body: actionDocument({ schema_version: "v2" }) },
    { name: "a missing member", body: actionDocument({ context: undefined }), at: "/context" },
    { name: "an empty id", body: actionDocument({ action_id: "" }), at: "/action_id" },
    { name: "an id that is too long", body: actionDocument({ trace_id: "t".repeat(129) }) },
    { name: "a type in capitals", body: actionDocument({ action_type: "FS.READ" }) },
    { name: "params that are a list", body: actionDocument({ params: [] }), at: "/params" },
    {
      name: "a context that knows more",
      body: actionDocument({ context: { user: "x" } }),
      at: "/context/user",
    },
    {
      name: "nesting deeper than 64",
      body: actionDocument({ params: 0 }).replace(
        '"params":0',
        `"params":${'{"a":'.repeat(65)}1${"}".repeat(65)}`,
      ),
    },
  ];

  it.each(cases)("is 400 when it has $name", async ({ body, at }) => {
    for (const path of ["/action", "/explain"]) {
      const answer = await gateway.post(path, body);
      expect(answer.status).toBe(400);
      expectError(answer, "validation_error");
      if (at === undefined) continue;
      const pointers = answer.body.error.details.map((one: { pointer: string }) => one.pointer);
      expect(pointers).toContain(at);
    }
  });

  it("is told all of its problems at once", async () => {
    const answer = await gateway.act({ action_id: "", schema_version: "v9", principal: "root" });
    const pointers = answer.body.error.details.map((one: { pointer: string }) => one.pointer);
    expect(pointers.sort()).toEqual(["/action_id", "/principal", "/schema_version"]);
  });

  it("has at most 120 characters of it repeated", async () => {
    const answer = await gateway.act({ schema_version: "v".repeat(5_000) });
    expect(answer.text.length).toBeLessThan(1_000);
  });

  it.each([
    { name: "an unknown member", body: { approval_id: "apr_1", decision: "DENY", by: "me" } },
    { name: "another decision", body: { approval_id: "apr_1", decision: "MAYBE" } },
    { name: "no approval", body: { decision: "APPROVE" } },
  ])("is 400 for a decision that has $name", async ({ body }) => {
    const answer = await gateway.post("/approvals/decide", JSON.stringify(body));
    expect(answer.status).toBe(400);
    expectError(answer, "validation_error");
  });
});
