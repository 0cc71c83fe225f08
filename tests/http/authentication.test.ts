import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectError, TestGateway } from "../support/gateway.ts";
import {
  actionDocument,
  hmacHex,
  signedGetHeaders,
  signedHeaders,
  SIGNER,
} from "../support/signed_request.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open({ config: { approvals: { enabled: true } } });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const BODY = actionDocument();
const SIGNATURE = hmacHex(SIGNER.agentSecret, BODY);
const SERVICE = {
  "x-nomos-service-id": "ci",
  "x-nomos-service-signature": hmacHex("test-service-secret", BODY),
};

type Changes = Readonly<Record<string, string | undefined>>;

/** What makes a request one that nobody vouches for. */
const REFUSED: readonly { name: string; headers: Changes }[] = [
  { name: "no principal", headers: { authorization: undefined } },
  { name: "an empty key", headers: { authorization: "Bearer " } },
  { name: "an unknown key", headers: { authorization: "Bearer nobody" } },
  { name: "a key with a tail", headers: { authorization: `Bearer ${SIGNER.apiKey}x` } },
  { name: "half a key", headers: { authorization: `Bearer ${SIGNER.apiKey.slice(0, -1)}` } },
  { name: "the basic scheme", headers: { authorization: `Basic ${SIGNER.apiKey}` } },
  { name: "a bare key", headers: { authorization: SIGNER.apiKey } },
  {
    name: "two keys in one",
    headers: { authorization: `Bearer ${SIGNER.apiKey}, Bearer ${SIGNER.apiKey}` },
  },
  { name: "no agent", headers: { "x-nomos-agent-id": undefined } },
  { name: "no signature", headers: { "x-nomos-agent-signature": undefined } },
  {
    name: "neither agent nor signature",
    headers: { "x-nomos-agent-id": undefined, "x-nomos-agent-signature": undefined },
  },
  { name: "an unknown agent", headers: { "x-nomos-agent-id": "stranger" } },
  { name: "another agent's name", headers: { "x-nomos-agent-id": "second" } },
  { name: "a signature of something else", headers: { "x-nomos-agent-signature": "0".repeat(64) } },
  {
    name: "a signature in capitals",
    headers: { "x-nomos-agent-signature": SIGNATURE.toUpperCase() },
  },
  { name: "a signature cut short", headers: { "x-nomos-agent-signature": SIGNATURE.slice(0, 63) } },
  {
    name: "a prefix before the signature",
    headers: { "x-nomos-agent-signature": `sha256=${SIGNATURE}` },
  },
  { name: "an empty signature", headers: { "x-nomos-agent-signature": "" } },
  {
    name: "two signatures in one",
    headers: { "x-nomos-agent-signature": `${SIGNATURE}, ${SIGNATURE}` },
  },
  {
    name: "a valid key and a service that does not sign",
    headers: { "x-nomos-service-id": "ci", "x-nomos-service-signature": "0".repeat(64) },
  },
  { name: "a valid key and another service's proof", headers: SERVICE },
  { name: "a timestamp without a nonce", headers: { "x-nomos-timestamp": "1700000000" } },
  { name: "a nonce without a timestamp", headers: { "x-nomos-nonce": "n-1" } },
];

describe("who is not proven", () => {
  it.each(REFUSED)("is 401 with $name", async ({ headers }) => {
    for (const path of ["/action", "/run", "/explain", "/actions/report"]) {
      const answer = await gateway.post(path, BODY, headers);
      expect(answer.status).toBe(401);
      expectError(answer, "auth_error");
    }
  });

  it("is told the same whatever was wrong", async () => {
    const texts = new Set<string>();
    for (const { headers } of REFUSED) {
      texts.add((await gateway.post("/action", BODY, headers)).text);
    }
    expect(texts.size).toBe(1);
  });

  it("is told nothing about the document", async () => {
    const answer = await gateway.fetch("/action", {
      method: "POST",
      body: '{"a":1,"a":2',
      headers: signedHeaders("something else"),
    });
    expect(answer.status).toBe(401);
  });

  it("is on record, and nothing that was sent with it", async () => {
    await gateway.post("/action", BODY, { authorization: "Bearer a-key-nobody-may-see" });
    await expect.poll(async () => (await gateway.events({ eventType: "auth.failed" })).length)
      .toBeGreaterThan(0);
    const events = JSON.stringify(await gateway.events({ eventType: "auth.failed" }));
    expect(events).not.toContain("a-key-nobody-may-see");
  });

  it.each(["x-forwarded-client-cert", "x-forwarded-for", "forwarded", "x-forwarded-user"])(
    "is not proven by what a proxy writes: %s",
    async (name) => {
      const answer = await gateway.post("/action", BODY, {
        authorization: undefined,
        [name]: "system",
      });
      expect(answer.status).toBe(401);
    },
  );
});

describe("who is proven", () => {
  it.each<{ name: string; headers: Changes; principal: string }>([
    { name: "by an API key", headers: {}, principal: "system" },
    {
      name: "by a key of somebody else",
      headers: { authorization: "Bearer boss-api-key" },
      principal: "boss",
    },
    {
      name: "with a scheme in any case",
      headers: { authorization: `bearer ${SIGNER.apiKey}` },
      principal: "system",
    },
    {
      name: "by a service's signature",
      headers: { authorization: undefined, ...SERVICE },
      principal: "ci",
    },
    {
      name: "and says which contract it speaks",
      headers: { "x-nomos-sdk-contract": "v1" },
      principal: "system",
    },
  ])("acts $name", async ({ headers, principal }) => {
    const actionId = `act_${crypto.randomUUID()}`;
    const body = actionDocument({ action_id: actionId });
    const service = headers["x-nomos-service-id"] === undefined
      ? {}
      : { "x-nomos-service-signature": hmacHex("test-service-secret", body) };
    const answer = await gateway.post("/action", body, { ...headers, ...service });
    expect(answer.status).toBe(200);
    const [event] = await gateway.events({ actionId, eventType: "action.decision" });
    expect(event).toMatchObject({ principal, agent: SIGNER.agent, environment: "dev" });
  });
});

describe("a signature over a timestamp and a nonce", () => {
  const now = () => String(Math.floor(Date.now() / 1000));

  function stamped(timestamp: string, nonce: string, body = BODY): Record<string, string> {
    return {
      "x-nomos-timestamp": timestamp,
      "x-nomos-nonce": nonce,
      "x-nomos-agent-signature": hmacHex(SIGNER.agentSecret, `${timestamp}\n${nonce}\n${body}`),
    };
  }

  it("is good once", async () => {
    const headers = stamped(now(), "nonce-once");
    expect((await gateway.post("/action", BODY, headers)).status).toBe(200);
    expect((await gateway.post("/action", BODY, headers)).status).toBe(401);
  });

  it("is refused when it is too old or too young", async () => {
    const at = Number(now());
    expect((await gateway.post("/action", BODY, stamped(String(at - 400), "old"))).status).toBe(
      401,
    );
    expect((await gateway.post("/action", BODY, stamped(String(at + 400), "new"))).status).toBe(
      401,
    );
    expect((await gateway.post("/action", BODY, stamped(String(at - 200), "fine"))).status).toBe(
      200,
    );
  });

  it("may be demanded", async () => {
    await using strict = await TestGateway.open({
      config: { identity: { require_request_nonce: true } },
    });
    expect((await strict.post("/action", BODY)).status).toBe(401);
    expect((await strict.post("/action", BODY, stamped(now(), "n-1"))).status).toBe(200);
  });

  it("covers method and path of a request without a body", async () => {
    const target = "/approvals/apr_000000000000000000000000?wait_ms=0";
    const get = (path: string, headers: Record<string, string>) => gateway.fetch(path, { headers });
    expect((await get(target, signedGetHeaders(target))).status).toBe(404);
    expect((await get(target, signedGetHeaders("/approvals/apr_1"))).status).toBe(401);
    expect((await get(target, signedHeaders("", { "content-type": undefined }))).status).toBe(401);
    const { "x-nomos-nonce": _, ...withoutNonce } = signedGetHeaders(target);
    expect((await get(target, withoutNonce)).status).toBe(401);
  });
});

describe("the paths that strangers may ask", () => {
  it.each(["/healthz", "/readyz", "/version", "/openapi.json", "/openapi.yaml"])(
    "need no credentials: %s",
    async (path) => {
      expect((await gateway.fetch(path)).status).toBe(200);
    },
  );
});
