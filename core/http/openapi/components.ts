import type { JsonObject } from "../../encoding/mod.ts";
import { actionSchema } from "./action.ts";
import { errorResponses } from "./errors.ts";
import { explanationSchema } from "./explanation.ts";
import { receiptSchema, reportSchema } from "./report.ts";
import { errorSchema, responseSchema } from "./response.ts";
import {
  approvalStatusSchema,
  decisionRecordedSchema,
  decisionSchema,
  readinessSchema,
  versionSchema,
} from "./small_documents.ts";

function header(name: string, description: string, schema: JsonObject): JsonObject {
  return { name, in: "header", description, schema };
}

function key(name: string, description: string): JsonObject {
  return { type: "apiKey", in: "header", name, description };
}

const TRACEPARENT: JsonObject = {
  type: "string",
  pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
};

const SECURITY_SCHEMES: JsonObject = {
  ApiKey: {
    type: "http",
    scheme: "bearer",
    description: "A key of identity.api_keys; its value there is the principal.",
  },
  ServiceId: key("X-Nomos-Service-Id", "A service of identity.service_secrets: the principal."),
  ServiceSignature: key(
    "X-Nomos-Service-Signature",
    "HMAC-SHA-256 of what is signed, with the service's secret, as hex.",
  ),
  AgentId: key("X-Nomos-Agent-Id", "An agent of identity.agent_secrets."),
  AgentSignature: key(
    "X-Nomos-Agent-Signature",
    "HMAC-SHA-256 of what is signed, with the agent's secret, as 64 lower-case hex digits. What is signed: the exact " +
      "bytes of the body; with a timestamp and nonce `<timestamp>\\n<nonce>\\n<body>`; without a body " +
      "`<METHOD>\\n<path and query>\\n<timestamp>\\n<nonce>`.",
  ),
  WebhookToken: key("X-Nomos-Webhook-Token", "The value of approvals.webhook_token."),
  ClientCertificate: {
    type: "mutualTLS",
    description: "Needed besides everything else where gateway.tls.require_mtls is on.",
  },
};

const PARAMETERS: JsonObject = {
  Timestamp: header(
    "X-Nomos-Timestamp",
    "Unix seconds, within 300 of the gateway's clock. Comes with a nonce, and is then signed.",
    { type: "string", pattern: "^(?:0|[1-9][0-9]{0,11})$" },
  ),
  Nonce: header(
    "X-Nomos-Nonce",
    "Never used before by this signer. Required where identity.require_request_nonce is on, and without a body.",
    { type: "string", pattern: "^[A-Za-z0-9._~:+/=-]{1,128}$" },
  ),
  SdkContract: header("X-Nomos-SDK-Contract", "Accepted and ignored.", { type: "string" }),
  traceparent: header("traceparent", "W3C trace context; a valid one is echoed.", TRACEPARENT),
  tracestate: header("tracestate", "Echoed with a valid traceparent.", { type: "string" }),
  ApprovalId: {
    name: "id",
    in: "path",
    required: true,
    description: "The approval_id of a response.",
    schema: { type: "string" },
  },
  WaitMs: {
    name: "wait_ms",
    in: "query",
    description: "Milliseconds to wait for a decision; 60,000 at most, 0 looks once.",
    schema: { type: "integer", minimum: 0, maximum: 999_999_999, default: 0 },
  },
};

const HEADERS: JsonObject = {
  traceparent: { description: "The request's, when it was valid.", schema: TRACEPARENT },
  tracestate: { description: "The request's, when both were valid.", schema: { type: "string" } },
  Allow: { description: "Methods there are.", schema: { type: "string" } },
  RetryAfter: {
    description: "Seconds to wait before trying again.",
    schema: { type: "integer", minimum: 1 },
  },
};

/** Everything the paths of the contract refer to. */
export function components(): JsonObject {
  return {
    schemas: {
      Action: actionSchema,
      Response: responseSchema,
      Error: errorSchema,
      Explanation: explanationSchema,
      Report: reportSchema,
      Receipt: receiptSchema,
      Decision: decisionSchema,
      DecisionRecorded: decisionRecordedSchema,
      ApprovalStatus: approvalStatusSchema,
      Readiness: readinessSchema,
      Version: versionSchema,
    },
    responses: errorResponses(),
    parameters: PARAMETERS,
    headers: HEADERS,
    securitySchemes: SECURITY_SCHEMES,
  };
}
