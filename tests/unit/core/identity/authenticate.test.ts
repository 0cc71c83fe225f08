import { describe, expect, it } from "vitest";
import { encodeUtf8, portableDigest } from "../../../../core/encoding/mod.ts";
import {
  type AgentDemand,
  createAuthenticator,
  type Evidence,
  type IdentitySettings,
} from "../../../../core/identity/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const BODY = encodeUtf8('{"schema_version":"v1"}');
const SETTINGS: IdentitySettings = {
  environment: "dev",
  apiKeys: { "key-alice": "alice", "key-svc": "svc", "": "nobody" },
  serviceSecrets: { svc: "service-secret", empty: "" },
  agentSecrets: { nomos: "agent-secret", empty: "" },
};
const SECONDS = "1700000000";

function sign(secret: string, text: string | Uint8Array): string {
  return portableDigest.hmacSha256Hex(secret, text);
}

const AGENT: Evidence = { agentId: "nomos", agentSignature: sign("agent-secret", BODY) };
const ALICE: Evidence = { authorization: "Bearer key-alice" };
const SERVICE: Evidence = { serviceId: "svc", serviceSignature: sign("service-secret", BODY) };

function stamped(timestamp: string, nonce: string, body = '{"schema_version":"v1"}'): Evidence {
  const text = `${timestamp}\n${nonce}\n${body}`;
  return { agentId: "nomos", agentSignature: sign("agent-secret", text), timestamp, nonce };
}

function authenticatorOf(more: Partial<IdentitySettings> = {}) {
  const clock = new ManualClock(Number(SECONDS) * 1000 + 999);
  const authenticator = createAuthenticator({ ...SETTINGS, ...more }, {
    digest: portableDigest,
    clock,
  });
  const ask = async (evidence: Evidence, body = BODY, agent: AgentDemand = "required") => {
    const result = await authenticator.authenticate(evidence, body, { agent });
    return result.ok ? result.value.facts : result.reason.metadata?.["auth_failure"];
  };
  return { authenticator, clock, ask };
}

describe("authentication", () => {
  it.each<[string, Evidence, string]>([
    ["an API key", ALICE, "api_key"],
    ["the scheme in any case", { authorization: "bEARER  key-alice" }, "api_key"],
  ])("takes %s and the agent's signature", async (_, evidence, method) => {
    expect(await authenticatorOf().ask({ ...evidence, ...AGENT })).toEqual({
      principal: "alice",
      agent: "nomos",
      environment: "dev",
      method,
    });
  });

  it("takes a service's signature, in hex of either case", async () => {
    const { ask } = authenticatorOf();
    const upper = { ...SERVICE, serviceSignature: SERVICE.serviceSignature?.toUpperCase() ?? "" };
    for (const evidence of [SERVICE, upper]) {
      expect(await ask({ ...evidence, ...AGENT })).toMatchObject({
        principal: "svc",
        method: "service_hmac",
      });
    }
  });

  it("takes two credentials that agree, and names the first method", async () => {
    const both = { ...SERVICE, ...AGENT, authorization: "Bearer key-svc" };
    expect(await authenticatorOf().ask(both)).toMatchObject({
      principal: "svc",
      method: "api_key",
    });
  });

  it.each<[string, Evidence, string]>([
    ["nothing at all", {}, "principal_missing"],
    ["an agent without a principal", AGENT, "principal_missing"],
    ["a principal without an agent", ALICE, "agent_missing"],
    ["an unknown key", { ...AGENT, authorization: "Bearer nope" }, "principal_rejected"],
    ["an empty key", { ...AGENT, authorization: "Bearer " }, "principal_rejected"],
    ["an empty authorization", { ...AGENT, authorization: "" }, "principal_rejected"],
    ["a bare key", { ...AGENT, authorization: "key-alice" }, "principal_rejected"],
    ["another scheme", { ...AGENT, authorization: "Basic key-alice" }, "principal_rejected"],
    ["a key with a tail", { ...AGENT, authorization: "Bearer key-alice " }, "principal_rejected"],
    [
      "two authorizations",
      { ...AGENT, authorization: "Bearer key-alice, Bearer key-alice" },
      "principal_rejected",
    ],
    ["two principals", { ...ALICE, ...SERVICE, ...AGENT }, "principals_disagree"],
    [
      "a good key beside a bad service signature",
      { ...ALICE, ...AGENT, serviceId: "svc", serviceSignature: "0".repeat(64) },
      "principal_rejected",
    ],
    [
      "a good service signature beside a bad key",
      { ...SERVICE, ...AGENT, authorization: "Bearer nope" },
      "principal_rejected",
    ],
    ["half a service", { ...ALICE, ...AGENT, serviceId: "svc" }, "principal_rejected"],
    [
      "the other half of a service",
      { ...ALICE, ...AGENT, serviceSignature: SERVICE.serviceSignature ?? "" },
      "principal_rejected",
    ],
    ["half an agent", { ...ALICE, agentId: "nomos" }, "agent_rejected"],
    [
      "an unknown agent",
      { ...ALICE, agentId: "other", agentSignature: sign("agent-secret", BODY) },
      "agent_rejected",
    ],
    [
      "an agent whose secret is empty",
      { ...ALICE, agentId: "empty", agentSignature: sign("", BODY) },
      "agent_rejected",
    ],
    [
      "a service whose secret is empty",
      { ...AGENT, serviceId: "empty", serviceSignature: sign("", BODY) },
      "principal_rejected",
    ],
    [
      "a signature with the secret that stands in for unknown ones",
      { ...ALICE, agentId: "x", agentSignature: sign("no secret of anybody", BODY) },
      "agent_rejected",
    ],
    [
      "an agent signature in upper case",
      { ...ALICE, ...AGENT, agentSignature: AGENT.agentSignature?.toUpperCase() ?? "" },
      "agent_rejected",
    ],
    [
      "an agent signature with a tail",
      { ...ALICE, ...AGENT, agentSignature: `${AGENT.agentSignature}0` },
      "agent_rejected",
    ],
    [
      "two agent signatures",
      { ...ALICE, ...AGENT, agentSignature: `${AGENT.agentSignature}, ${AGENT.agentSignature}` },
      "agent_rejected",
    ],
    ["two agent ids", { ...ALICE, ...AGENT, agentId: "nomos, nomos" }, "agent_rejected"],
    ["__proto__ as an agent", { ...ALICE, ...AGENT, agentId: "__proto__" }, "agent_rejected"],
  ])("refuses %s", async (_, evidence, failure) => {
    expect(await authenticatorOf().ask(evidence)).toBe(failure);
  });

  it("refuses a signature over other bytes", async () => {
    const { ask } = authenticatorOf();
    const other = encodeUtf8('{"schema_version":"v1" }');
    expect(await ask({ ...ALICE, ...AGENT }, other)).toBe("agent_rejected");
  });

  it("covers bytes, not text: what decodes to the same text is not the same body", async () => {
    const { ask } = authenticatorOf();
    const signature = sign("agent-secret", Uint8Array.of(0x22, 0xff, 0x22));
    const evidence = { ...ALICE, agentId: "nomos", agentSignature: signature };
    expect(await ask(evidence, Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ agent: "nomos" });
    expect(await ask(evidence, Uint8Array.of(0x22, 0xfe, 0x22))).toBe("agent_rejected");
  });

  it("says the same whatever failed", async () => {
    const { authenticator } = authenticatorOf();
    const messages = new Set<string>();
    for (
      const evidence of [{}, ALICE, AGENT, { ...ALICE, agentId: "nomos", agentSignature: "x" }]
    ) {
      const result = await authenticator.authenticate(evidence, BODY, { agent: "required" });
      if (!result.ok) messages.add(`${result.reason.code} ${result.reason.message}`);
    }
    expect([...messages]).toEqual([
      "auth_error Cannot accept the request: who sends it is not proven, expected valid credentials",
    ]);
  });

  it("names an agent that is optional when it proved itself, and refuses one that did not", async () => {
    const { ask } = authenticatorOf();
    expect(await ask(ALICE, BODY, "optional")).toMatchObject({ principal: "alice", agent: "" });
    expect(await ask({ ...ALICE, ...AGENT }, BODY, "optional")).toMatchObject({ agent: "nomos" });
    expect(await ask({ ...ALICE, ...AGENT }, BODY, "none")).toMatchObject({ agent: "" });
    for (const demand of ["optional", "none"] as const) {
      expect(await ask({ ...ALICE, agentId: "nomos" }, BODY, demand)).toBe("agent_rejected");
    }
  });

  it("ignores a client certificate that no method was asked to read", async () => {
    const evidence = { ...ALICE, ...AGENT, clientCertificate: Uint8Array.of(1) };
    expect(await authenticatorOf().ask(evidence)).toMatchObject({ principal: "alice" });
  });
});

describe("replay protection", () => {
  it("takes a timestamp and a nonce that the signature covers, once", async () => {
    const { ask } = authenticatorOf();
    const evidence = { ...ALICE, ...stamped(SECONDS, "n-1") };
    expect(await ask(evidence)).toMatchObject({ agent: "nomos" });
    expect(await ask(evidence)).toBe("nonce_reused");
    expect(await ask({ ...ALICE, ...stamped("1700000001", "n-1") })).toBe("nonce_reused");
    expect(await ask({ ...ALICE, ...stamped(SECONDS, "n-2") })).toMatchObject({ agent: "nomos" });
  });

  it.each<[string, string, unknown]>([
    ["300 seconds ago", "1699999700", { agent: "nomos" }],
    ["300 seconds ahead", "1700000300", { agent: "nomos" }],
    ["301 seconds ago", "1699999699", "timestamp_outside_window"],
    ["301 seconds ahead", "1700000301", "timestamp_outside_window"],
  ])("judges a timestamp of %s", async (_, timestamp, expected) => {
    const answer = await authenticatorOf().ask({ ...ALICE, ...stamped(timestamp, "n") });
    if (typeof expected === "string") expect(answer).toBe(expected);
    else expect(answer).toMatchObject(expected as object); // the table holds both kinds
  });

  it.each<[string, Evidence]>([
    ["a timestamp alone", { ...stamped(SECONDS, "n"), nonce: undefined }],
    ["a nonce alone", { ...AGENT, nonce: "n" }],
    ["an empty nonce", stamped(SECONDS, "")],
    ["a nonce with a comma", stamped(SECONDS, "n, n")],
    ["a nonce with a line break", stamped(SECONDS, "n\nm")],
    ["a nonce of 129 characters", stamped(SECONDS, "n".repeat(129))],
    ["a timestamp with a sign", stamped(`+${SECONDS}`, "n")],
    ["a timestamp with a leading zero", stamped(`0${SECONDS}`, "n")],
    ["a timestamp with a fraction", stamped(`${SECONDS}.5`, "n")],
    ["an empty timestamp", stamped("", "n")],
  ])("refuses %s", async (_, evidence) => {
    expect(await authenticatorOf().ask({ ...ALICE, ...evidence })).toBe("stamp_missing");
  });

  it("refuses a signature that does not cover the stamp sent with it", async () => {
    const { ask } = authenticatorOf();
    expect(await ask({ ...ALICE, ...AGENT, timestamp: SECONDS, nonce: "n" })).toBe(
      "agent_rejected",
    );
    const moved = { ...ALICE, ...stamped(SECONDS, "n"), nonce: "m" };
    expect(await ask(moved)).toBe("agent_rejected");
  });

  it("demands a stamp when the operator does", async () => {
    const { ask } = authenticatorOf({ requireRequestNonce: true });
    expect(await ask({ ...ALICE, ...AGENT })).toBe("stamp_missing");
    expect(await ask({ ...ALICE, ...stamped(SECONDS, "n") })).toMatchObject({ agent: "nomos" });
    expect(await ask(ALICE, BODY, "none")).toMatchObject({ principal: "alice" });
  });

  it("uses up no nonce of a request that is refused", async () => {
    const { ask } = authenticatorOf();
    const evidence = stamped(SECONDS, "n");
    expect(await ask({ ...evidence, authorization: "Bearer nope" })).toBe("principal_rejected");
    expect(await ask({ ...ALICE, ...evidence })).toMatchObject({ agent: "nomos" });
  });

  it("refuses an agent's used nonce under another principal too", async () => {
    const { ask } = authenticatorOf();
    const evidence = stamped(SECONDS, "n");
    expect(await ask({ ...ALICE, ...evidence })).toMatchObject({ principal: "alice" });
    expect(await ask({ ...evidence, authorization: "Bearer key-svc" })).toBe("nonce_reused");
  });

  it("refuses a signer without room, and nobody else", async () => {
    const agentSecrets = { nomos: "agent-secret", second: "agent-secret" };
    const { ask, clock } = authenticatorOf({ maxNoncesPerSigner: 2, agentSecrets });
    for (const nonce of ["a", "b"]) {
      expect(await ask({ ...ALICE, ...stamped(SECONDS, nonce) })).toMatchObject({ agent: "nomos" });
    }
    expect(await ask({ ...ALICE, ...stamped(SECONDS, "c") })).toBe("nonce_memory_full");
    const other = { ...ALICE, ...stamped(SECONDS, "c"), agentId: "second" };
    expect(await ask(other)).toMatchObject({ agent: "second" });
    clock.advance(360_000);
    expect(await ask({ ...ALICE, ...stamped("1700000360", "c") })).toMatchObject({
      agent: "nomos",
    });
  });

  it("keeps refusing what it forgot when the clock is set back", async () => {
    const { ask, clock } = authenticatorOf();
    const old = { ...ALICE, ...stamped(SECONDS, "n") };
    await ask(old);
    clock.advance(400_000);
    await ask({ ...ALICE, ...stamped("1700000400", "m") });
    clock.advance(-400_000);
    expect(await ask(old)).toBe("timestamp_outside_window");
  });
});

describe("a request without a body", () => {
  const NO_BODY = new Uint8Array();
  const target = "/approvals/apr_1?wait_ms=5";

  function signedGet(nonce: string, path = target): Evidence {
    const text = `GET\n${path}\n${SECONDS}\n${nonce}`;
    return {
      ...ALICE,
      agentId: "nomos",
      agentSignature: sign("agent-secret", text),
      timestamp: SECONDS,
      nonce,
      method: "GET",
      target,
    };
  }

  it("is signed by method, path and query, timestamp and nonce", async () => {
    const { ask } = authenticatorOf();
    expect(await ask(signedGet("n"), NO_BODY)).toMatchObject({ agent: "nomos" });
    expect(await ask(signedGet("n"), NO_BODY)).toBe("nonce_reused");
    expect(await ask(signedGet("m", "/approvals/apr_2"), NO_BODY)).toBe("agent_rejected");
    expect(await ask({ ...signedGet("o"), method: "POST" }, NO_BODY)).toBe("agent_rejected");
  });

  it("always needs a stamp", async () => {
    const empty = { ...ALICE, agentId: "nomos", agentSignature: sign("agent-secret", NO_BODY) };
    const { ask } = authenticatorOf();
    expect(await ask({ ...empty, method: "GET", target }, NO_BODY)).toBe("stamp_missing");
    expect(await ask(empty, NO_BODY)).toBe("stamp_missing");
  });

  it("needs none when nothing is signed", async () => {
    expect(await authenticatorOf().ask(ALICE, NO_BODY, "none")).toMatchObject({
      principal: "alice",
      agent: "",
    });
  });

  it("with a body is signed by the body, whatever its method", async () => {
    const evidence = { ...ALICE, ...AGENT, method: "POST", target: "/action" };
    expect(await authenticatorOf().ask(evidence)).toMatchObject({ agent: "nomos" });
  });
});
