import { createHmac } from "node:crypto";

/** Who signs requests in tests, as {@link TEST_IDENTITY} configures it. */
export const SIGNER = {
  apiKey: "test-api-key",
  agent: "nomos",
  agentSecret: "test-agent-secret",
} as const;

/** An `identity` section that knows {@link SIGNER} and a few others. */
export const TEST_IDENTITY = {
  principal: "system",
  agent: SIGNER.agent,
  environment: "dev",
  api_keys: { [SIGNER.apiKey]: "system", "boss-api-key": "boss", "other-api-key": "other" },
  agent_secrets: { [SIGNER.agent]: SIGNER.agentSecret, second: "second-agent-secret" },
  service_secrets: { ci: "test-service-secret" },
};

/** HMAC-SHA-256 as lower-case hex. */
export function hmacHex(secret: string, data: string | Uint8Array): string {
  return createHmac("sha256", secret).update(data).digest("hex");
}

/** The headers of a signed request with a body; `undefined` leaves one out. */
export function signedHeaders(
  body: string | Uint8Array,
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    "host": "localhost",
    "content-type": "application/json",
    "authorization": `Bearer ${SIGNER.apiKey}`,
    "x-nomos-agent-id": SIGNER.agent,
    "x-nomos-agent-signature": hmacHex(SIGNER.agentSecret, body),
    ...more,
  };
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) set[name] = value;
  return set;
}

let lastNonce = 0;

/** The headers of a signed request without a body. */
export function signedGetHeaders(
  target: string,
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = `n-${Date.now()}-${++lastNonce}`;
  const signature = hmacHex(SIGNER.agentSecret, `GET\n${target}\n${timestamp}\n${nonce}`);
  const headers = signedHeaders("", {
    "content-type": undefined,
    "x-nomos-agent-signature": signature,
    "x-nomos-timestamp": timestamp,
    "x-nomos-nonce": nonce,
    ...more,
  });
  return headers;
}

/** A valid request document, with changes; `undefined` leaves a member out. */
export function actionDocument(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: "fs.read",
    resource: "file://workspace/README.md",
    params: {},
    trace_id: "trace_1",
    context: { extensions: {} },
    ...more,
  });
}
