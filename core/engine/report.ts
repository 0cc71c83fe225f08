import {
  echo,
  fail,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ok,
  parseJson,
  type Problem,
  type Result,
  toPointer,
} from "../encoding/mod.ts";
import { isBuiltInType } from "../actions/mod.ts";
import { findAuthorization, type Recorder } from "../audit/mod.ts";
import { type AuditEvent, type IdentityFacts, type Refusal, refuse } from "../model/mod.ts";
import { normalizeResource } from "../normalize/mod.ts";
import { scrubJson, summarize } from "../redact/mod.ts";
import type { Snapshot } from "./snapshot.ts";
import { isActionId, isActionTypeName, refuseDocument } from "./submitted.ts";

/** What a caller says about a custom action it executed itself. */
export interface Report {
  readonly actionId: string;
  readonly traceId: string;
  readonly actionType: string;
  readonly resource: string;
  readonly outcome: "SUCCEEDED" | "FAILED";
  readonly message?: string;
  readonly externalReference?: string;
  readonly approvalId?: string;
  readonly approvalFingerprint?: string;
  readonly statusCode?: number;
}

/** The answer to a report. */
export interface ReportReceipt {
  readonly recorded: true;
  readonly trace_id: string;
  readonly action_id: string;
  readonly outcome: "SUCCEEDED" | "FAILED";
}

const REQUIRED = ["schema_version", "action_id", "trace_id", "action_type", "resource", "outcome"];
const OPTIONAL = [
  "message",
  "external_reference",
  "approval_id",
  "approval_fingerprint",
  "status_code",
];
const MAX_TEXT = 4_096;
const FINGERPRINT = /^[0-9a-f]{64}$/;

/**
 * Decodes a report. Built-in types are refused: Nomos executes those itself and needs nobody's word.
 *
 * @returns every problem at once, as `validation_error` or `normalization_error`
 */
export function decodeReport(bytes: Uint8Array): Result<Report, Refusal> {
  const parsed = parseJson(bytes, { file: "request body" });
  if (!parsed.ok) return fail(refuseDocument("validation_error", parsed.reason));
  const document = parsed.value.value;
  if (!isJsonObject(document)) {
    return fail(refuse("validation_error", "Cannot read the report: it is not an object"));
  }
  const problems = problemsOf(document);
  if (problems.length > 0) return fail(refuseDocument("validation_error", problems));
  const actionType = textOf(document["action_type"]);
  const resource = normalizeResource(actionType, textOf(document["resource"]));
  if (!resource.ok) return fail(refuseDocument("normalization_error", resource.reason));
  const status = document["status_code"];
  return ok({
    actionId: textOf(document["action_id"]),
    traceId: textOf(document["trace_id"]),
    actionType,
    resource: resource.value.uri,
    outcome: document["outcome"] === "SUCCEEDED" ? "SUCCEEDED" : "FAILED",
    ...optionalText("message", document["message"]),
    ...optionalText("externalReference", document["external_reference"]),
    ...optionalText("approvalId", document["approval_id"]),
    ...optionalText("approvalFingerprint", document["approval_fingerprint"]),
    ...(typeof status === "number" ? { statusCode: status } : {}),
  });
}

/**
 * Decodes a report, checks against a sink that can be asked that this identity was allowed that action, and records it.
 */
export async function fileReport(
  bytes: Uint8Array,
  identity: IdentityFacts,
  snapshot: Snapshot,
  recorder: Recorder,
): Promise<Result<ReportReceipt, Refusal>> {
  const report = decodeReport(bytes);
  if (!report.ok) return report;
  const { actionId, traceId, actionType, resource, outcome } = report.value;
  const { reader } = recorder;
  // The audit holds the resource as it was redacted.
  const redacted = snapshot.redactor.scrub(resource);
  if (reader) {
    const { principal, agent, environment } = identity;
    const allowed = await findAuthorization(reader, {
      actionId,
      traceId,
      principal,
      agent,
      environment,
    });
    if (allowed?.["action_type"] !== actionType || allowed["resource_normalized"] !== redacted) {
      return fail(
        refuse(
          "audit_error",
          "Cannot take the report: no such action was authorized for this identity and trace",
        ),
      );
    }
  }
  const event = reportEvent(report.value, identity, snapshot, reader ? "authorized" : "unknown");
  const recorded = await recorder.record([event]);
  if (!recorded.ok) return recorded;
  return ok({ recorded: true, trace_id: traceId, action_id: actionId, outcome });
}

/**
 * The audit event of a report.
 *
 * @param known whether a queryable sink confirmed that this action was authorized; `unknown` without such a sink
 */
export function reportEvent(
  report: Report,
  identity: IdentityFacts,
  snapshot: Snapshot,
  known: "authorized" | "unknown",
): AuditEvent {
  const { redactor } = snapshot;
  const resource = redactor.scrub(report.resource);
  const metadata: Record<string, JsonValue> = {
    execution_mode: "caller_reported",
    nomos_executed: false,
    reported_outcome: report.outcome,
  };
  if (report.externalReference) metadata["external_reference"] = report.externalReference;
  if (report.statusCode !== undefined) metadata["status_code"] = report.statusCode;
  if (known === "unknown") metadata["authorization_checked"] = false;
  return {
    event_type: "action.external_reported",
    trace_id: report.traceId,
    action_id: report.actionId,
    principal: identity.principal,
    agent: identity.agent,
    environment: identity.environment,
    action_type: report.actionType,
    resource,
    resource_normalized: resource,
    action_summary: `${report.actionType} ${resource}`,
    result_classification: report.outcome === "SUCCEEDED" ? "SUCCESS" : "UPSTREAM_ERROR",
    retryable: false,
    policy_bundle_hash: snapshot.policy.provenance.hash,
    engine_version: snapshot.engineVersion,
    assurance_level: snapshot.assurance,
    executor_metadata: scrubJson(redactor, metadata).value,
    ...(report.message ? { result_redacted_summary: summarize(redactor, report.message) } : {}),
    ...(report.approvalId ? { approval_id: report.approvalId } : {}),
    ...(report.approvalFingerprint ? { action_fingerprint: report.approvalFingerprint } : {}),
  };
}

function problemsOf(document: JsonObject): Problem[] {
  const problems: Problem[] = [];
  const say = (name: string, message: string) =>
    problems.push({
      pointer: toPointer([name]),
      message: `Cannot use "${echo(name, 64)}": ${message}`,
    });
  for (const name in document) {
    if (!REQUIRED.includes(name) && !OPTIONAL.includes(name)) say(name, "unknown member");
  }
  for (const name of REQUIRED) {
    if (document[name] === undefined) say(name, "it is missing and required");
    else if (typeof document[name] !== "string" || document[name] === "") {
      say(name, "expected a non-empty string");
    }
  }
  if (document["schema_version"] !== undefined && document["schema_version"] !== "v1") {
    say("schema_version", 'expected "v1"');
  }
  for (const name of ["action_id", "trace_id"]) {
    const value = document[name];
    if (typeof value === "string" && value !== "" && !isActionId(value)) {
      say(name, "not a valid id");
    }
  }
  const type = document["action_type"];
  if (typeof type === "string" && type !== "") {
    if (!isActionTypeName(type)) {
      say("action_type", 'expected dotted lower-case words such as "payments.refund"');
    } else if (isBuiltInType(type)) {
      say("action_type", "Nomos executes this type itself, expected a custom type");
    }
  }
  const outcome = document["outcome"];
  if (
    typeof outcome === "string" && outcome !== "" && outcome !== "SUCCEEDED" && outcome !== "FAILED"
  ) {
    say("outcome", "expected SUCCEEDED or FAILED");
  }
  judgeOptional(document, say);
  return problems;
}

/** Says what is wrong with the members that may be left out. */
function judgeOptional(document: JsonObject, say: (name: string, message: string) => void): void {
  for (const name of ["message", "external_reference", "approval_id", "approval_fingerprint"]) {
    const value = document[name];
    if (value === undefined) continue;
    if (typeof value !== "string") say(name, "expected a string");
    else if (value.length > MAX_TEXT) say(name, `expected at most ${MAX_TEXT} characters`);
  }
  const { approval_id: approval, approval_fingerprint: fingerprint } = document;
  if (typeof approval === "string" && approval !== "" && !isActionId(approval)) {
    say("approval_id", "not a valid id");
  }
  if (typeof fingerprint === "string" && fingerprint !== "" && !FINGERPRINT.test(fingerprint)) {
    say("approval_fingerprint", "expected 64 hex digits in lower case");
  }
  const status = document["status_code"];
  if (
    status !== undefined &&
    !(typeof status === "number" && Number.isInteger(status) && status >= 0 && status <= 999)
  ) {
    say("status_code", "expected a whole number from 0 to 999");
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function optionalText<K extends string>(
  name: K,
  value: JsonValue | undefined,
): Partial<Record<K, string>> {
  const out: Partial<Record<K, string>> = {};
  if (typeof value === "string" && value !== "") out[name] = value;
  return out;
}
