import type { JsonObject } from "../../encoding/mod.ts";
import { errorName } from "./errors.ts";

const PRINCIPAL: readonly JsonObject[] = [
  { ApiKey: [] },
  { ServiceId: [], ServiceSignature: [] },
];
const AGENT: JsonObject = { AgentId: [], AgentSignature: [] };
const PRINCIPAL_AND_AGENT = PRINCIPAL.map((method) => ({ ...method, ...AGENT }));

const SIGNED_PARAMETERS = ["Timestamp", "Nonce"].map(parameter);
const TRACE_PARAMETERS = ["traceparent", "tracestate"].map(parameter);
const CALLER_PARAMETERS = [...SIGNED_PARAMETERS, ...TRACE_PARAMETERS, parameter("SdkContract")];

/** Statuses that a body, a proof of identity and the guards can end in. */
const GUARDED = [400, 401, 405, 413, 415, 429, 500, 503];

const APPROVAL_TEXT =
  "The agent then sends the very same action again, with the approval_id in context.extensions.approval.";

function parameter(name: string): JsonObject {
  return { $ref: `#/components/parameters/${name}` };
}

function schema(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function answers(
  document: string | JsonObject,
  description: string,
  errors: readonly number[],
): JsonObject {
  return {
    "200": {
      description,
      headers: {
        traceparent: { $ref: "#/components/headers/traceparent" },
        tracestate: { $ref: "#/components/headers/tracestate" },
      },
      content: {
        "application/json": {
          schema: typeof document === "string" ? schema(document) : document,
        },
      },
    },
    ...errorsOf(errors),
  };
}

function errorsOf(statuses: readonly number[]): JsonObject {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { $ref: `#/components/responses/${errorName(status)}` },
    ]),
  );
}

function body(name: string): JsonObject {
  return { required: true, content: { "application/json": { schema: schema(name) } } };
}

function act(operationId: string, summary: string): JsonObject {
  return {
    operationId,
    tags: ["actions"],
    summary,
    description:
      "Authenticates, validates, normalizes, decides, asks for approval where a rule wants it, records, executes and " +
      "redacts. A denial, a required approval and a quota are answers with status 200: the decision is the answer.",
    security: PRINCIPAL_AND_AGENT,
    parameters: CALLER_PARAMETERS,
    requestBody: body("Action"),
    responses: answers("Response", "The decision, and what came of it.", GUARDED),
  };
}

function status(operationId: string, summary: string, responses: JsonObject): JsonObject {
  return { operationId, tags: ["status"], summary, security: [], responses };
}

function plain(description: string, type: string, schemaOf: JsonObject): JsonObject {
  return { description, content: { [type]: { schema: schemaOf } } };
}

const ACTION_PATHS: JsonObject = {
  "/action": { post: act("act", "Decide an action, and execute it when it is allowed") },
  "/run": { post: act("run", "Alias of /action") },
  "/explain": {
    post: {
      operationId: "explain",
      tags: ["actions"],
      summary: "Say what would be decided and why, without any effect",
      description:
        "Everything that request, identity, policy and configuration decide is decided as /action would; the rest is " +
        "named in runtime_checks. Takes no quota, and is not recorded as an action.",
      security: PRINCIPAL_AND_AGENT,
      parameters: CALLER_PARAMETERS,
      requestBody: body("Action"),
      responses: answers(
        { anyOf: [schema("Explanation"), schema("Response")] },
        "The decision and why; of what is denied before policy is asked (`invalid_params`), what /action would answer.",
        GUARDED,
      ),
    },
  },
  "/actions/report": {
    post: {
      operationId: "report",
      tags: ["actions"],
      summary: "Report how a custom action ended that the caller executed",
      description:
        "For actions that were answered with execution_mode external_authorized. Refused for an action that was never " +
        "authorized for this identity and trace, where the audit can tell.",
      security: PRINCIPAL_AND_AGENT,
      parameters: CALLER_PARAMETERS,
      requestBody: body("Report"),
      responses: answers("Receipt", "It is on record.", [...GUARDED, 404]),
    },
  },
};

const APPROVAL_PATHS: JsonObject = {
  "/approvals/decide": {
    post: {
      operationId: "decideApproval",
      tags: ["approvals"],
      summary: "Approve or deny what waits for a human",
      description:
        `For principals of approvals.approver_principals; nobody decides what it asked for itself. ${APPROVAL_TEXT}`,
      security: PRINCIPAL,
      parameters: [...SIGNED_PARAMETERS, ...TRACE_PARAMETERS],
      requestBody: body("Decision"),
      responses: answers("DecisionRecorded", "It is on record.", [...GUARDED, 403, 404, 409]),
    },
  },
  "/webhooks/approvals": {
    post: {
      operationId: "decideApprovalByWebhook",
      tags: ["approvals"],
      summary: "The same, from a workflow that knows the shared token",
      description: "Off, and answered with 404, unless approvals.webhook_token is set.",
      security: [{ WebhookToken: [] }],
      parameters: TRACE_PARAMETERS,
      requestBody: body("Decision"),
      responses: answers("DecisionRecorded", "It is on record.", [
        ...[400, 401, 404, 405, 409, 413, 415, 500, 503],
      ]),
    },
  },
  "/approvals/{id}": {
    get: {
      operationId: "waitForApproval",
      tags: ["approvals"],
      summary: "See where one's own approval stands, and wait for its decision",
      description:
        "A request without a body signs `<METHOD>\\n<path and query>\\n<timestamp>\\n<nonce>`: timestamp and nonce are " +
        "required here. Approvals that others asked for do not exist for the caller.",
      security: PRINCIPAL_AND_AGENT,
      parameters: [
        parameter("ApprovalId"),
        parameter("WaitMs"),
        ...CALLER_PARAMETERS,
      ],
      responses: answers("ApprovalStatus", "Where it stands now.", [
        ...[400, 401, 404, 405, 429, 500, 503],
      ]),
    },
  },
};

const STATUS_PATHS: JsonObject = {
  "/healthz": {
    get: status("health", "Whether the process serves", {
      "200": plain("It does.", "text/plain", { const: "ok" }),
      "503": plain("It is shutting down.", "text/plain", { const: "shutting down" }),
      ...errorsOf([400, 405]),
    }),
  },
  "/readyz": {
    get: status("ready", "Whether it can take work", {
      "200": plain("It can.", "application/json", schema("Readiness")),
      "503": plain("It cannot; the checks that fail are named.", "application/json", {
        ...schema("Readiness"),
      }),
      ...errorsOf([400, 405]),
    }),
  },
  "/version": {
    get: status("version", "What runs here", {
      "200": plain("The build.", "application/json", schema("Version")),
      ...errorsOf([400, 405]),
    }),
  },
  "/openapi.json": {
    get: status("contractJson", "This document", {
      "200": plain("As JSON.", "application/json", { type: "object" }),
      ...errorsOf([400, 405]),
    }),
  },
  "/openapi.yaml": {
    get: status("contractYaml", "This document", {
      "200": plain("As YAML.", "application/yaml", { type: "string" }),
      ...errorsOf([400, 405]),
    }),
  },
};

/** Every path of the contract. */
export const PATHS: JsonObject = { ...ACTION_PATHS, ...APPROVAL_PATHS, ...STATUS_PATHS };
