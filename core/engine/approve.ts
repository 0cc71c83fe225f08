import type { ApprovalRecord, ApprovalVote, DecisionChannel } from "../approvals/mod.ts";
import { rfc3339 } from "../approvals/mod.ts";
import {
  echo,
  fail,
  isJsonObject,
  type JsonObject,
  ok,
  parseJson,
  type Problem,
  type Result,
  toPointer,
} from "../encoding/mod.ts";
import type { AuditEvent, Refusal } from "../model/mod.ts";
import { type Redactor, scrubJson } from "../redact/mod.ts";
import { refuseDocument } from "./submitted.ts";

/** What somebody wants decided. */
export interface DecisionRequest {
  readonly approvalId: string;
  readonly vote: ApprovalVote;
}

/** The answer to a decision. */
export interface DecisionDocument {
  readonly decision: "ALLOW";
  readonly reason: "approval_recorded";
  readonly approval_id: string;
  readonly approval_fingerprint: string;
  readonly approval_expires_at: string;
}

/** An approval as the agent that waits for it sees it. */
export interface ApprovalStatusDocument {
  readonly approval_id: string;
  readonly status: "PENDING" | "APPROVED" | "DENIED" | "USED" | "EXPIRED";
  readonly approval_fingerprint: string;
  readonly approval_expires_at: string;
}

/** Decodes `{approval_id, decision}`; the decision in any case, and no other member. */
export function decodeDecision(bytes: Uint8Array): Result<DecisionRequest, Refusal> {
  const parsed = parseJson(bytes, { file: "request body" });
  if (!parsed.ok) return fail(refuseDocument("validation_error", parsed.reason));
  const document = parsed.value.value;
  if (!isJsonObject(document)) {
    return fail(
      refuseDocument("validation_error", [{
        pointer: "",
        message: "Cannot read the decision: it is not an object",
      }]),
    );
  }
  const problems = strayMembers(document);
  const id = document["approval_id"];
  if (typeof id !== "string" || id === "") {
    problems.push({
      pointer: "/approval_id",
      message: 'Cannot use "approval_id": expected a non-empty string',
    });
  }
  const vote = voteOf(document["decision"]);
  if (vote === undefined) {
    problems.push({
      pointer: "/decision",
      message: 'Cannot use "decision": expected APPROVE or DENY',
    });
  }
  if (problems.length > 0 || typeof id !== "string" || vote === undefined) {
    return fail(refuseDocument("validation_error", problems));
  }
  return ok({ approvalId: id, vote });
}

/** What is answered once a decision is stored. */
export function decisionDocument(record: ApprovalRecord): DecisionDocument {
  return {
    decision: "ALLOW",
    reason: "approval_recorded",
    approval_id: record.id,
    approval_fingerprint: record.fingerprint,
    approval_expires_at: rfc3339(record.expiresAtMs),
  };
}

/** Where an approval stands, for the agent that asked for it. */
export function statusDocument(record: ApprovalRecord, nowMs: number): ApprovalStatusDocument {
  const over = nowMs >= record.expiresAtMs && record.status !== "USED" &&
    record.status !== "DENIED";
  return {
    approval_id: record.id,
    status: over ? "EXPIRED" : record.status,
    approval_fingerprint: record.fingerprint,
    approval_expires_at: rfc3339(record.expiresAtMs),
  };
}

/** Puts on record who decided an approval, and how. */
export function decidedEvent(
  record: ApprovalRecord,
  how: { readonly vote: ApprovalVote; readonly by: string; readonly channel: DecisionChannel },
  redactor: Redactor,
): AuditEvent {
  const resource = redactor.scrub(record.resource);
  return {
    event_type: how.channel === "webhook" ? "approval.decided.webhook" : "approval.decided",
    trace_id: record.traceId,
    action_id: record.actionId,
    approval_id: record.id,
    action_fingerprint: record.fingerprint,
    principal: record.principal,
    agent: record.agent,
    environment: record.environment,
    action_type: record.actionType,
    resource,
    resource_normalized: resource,
    params_hash: record.paramsHash,
    action_summary: `${record.actionType} ${resource}`,
    decision: how.vote === "APPROVE" ? "ALLOW" : "DENY",
    reason: "approval_recorded",
    executor_metadata: scrubJson(redactor, {
      decided_by: how.by,
      channel: how.channel,
      scope_type: record.scopeType,
    }).value,
  };
}

function strayMembers(document: JsonObject): Problem[] {
  return Object.keys(document)
    .filter((name) => name !== "approval_id" && name !== "decision")
    .map((name) => ({
      pointer: toPointer([name]),
      message: `Cannot take member "${echo(name)}": unknown, expected approval_id, decision`,
    }));
}

function voteOf(value: unknown): ApprovalVote | undefined {
  const word = typeof value === "string" ? value.toUpperCase() : "";
  return word === "APPROVE" || word === "DENY" ? word : undefined;
}
