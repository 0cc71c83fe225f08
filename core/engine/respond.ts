import type { JsonObject } from "../encoding/mod.ts";
import { formatProblem, type Problem } from "../encoding/mod.ts";
import type { ExecutedMeta } from "../actions/mod.ts";
import {
  type AllowDecision,
  type ApprovalDecision,
  type Decision,
  type DenyDecision,
  meaningOf,
  type ReasonCode,
  type Refusal,
  type Terms,
  type Verdict,
} from "../model/mod.ts";
import { termsToJson } from "../obligations/mod.ts";
import type { Disclosed } from "./disclose.ts";

/** The answer to an action, in the words every door speaks. Absent members are left out. */
export interface ResponseDocument {
  readonly decision: Verdict;
  readonly reason?: string;
  readonly message?: string;
  readonly trace_id?: string;
  readonly action_id?: string;
  readonly execution_mode?: "external_authorized" | "mcp_forwarded";
  readonly report_path?: string;
  readonly output?: string;
  readonly truncated?: true;
  readonly bytes_written?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit_code?: number;
  readonly status_code?: number;
  readonly obligations?: JsonObject;
  readonly approval_id?: string;
  readonly approval_fingerprint?: string;
  readonly approval_expires_at?: string;
  readonly credential_lease_id?: string;
  readonly credential_lease_ids?: readonly string[];
  readonly retry_after_ms?: number;
  readonly error?: ErrorDocument;
}

/** The error member of a refused question. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly ProblemDocument[];
}

/** One problem on the wire. */
export interface ProblemDocument {
  readonly pointer: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a door hands back: the document, and what it means for the transport. */
export interface Reply {
  readonly reason: ReasonCode;
  /** HTTP status. */
  readonly status: number;
  readonly body: ResponseDocument;
  readonly retryAfterMs?: number;
}

/** Ids a reply repeats once they are known. */
export interface ReplyIds {
  readonly traceId?: string;
  readonly actionId?: string;
}

/**
 * The reply to something that was refused. An error carries `<code>: <message>` and the error member; a decision
 * carries its reason and, as `message`, what to know about it.
 */
export function refusalReply(refusal: Refusal, ids: ReplyIds = {}): Reply {
  const meaning = meaningOf(refusal.code);
  const retry = refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs };
  const common = {
    ...(ids.traceId ? { trace_id: ids.traceId } : {}),
    ...(ids.actionId ? { action_id: ids.actionId } : {}),
  };
  if (meaning.kind === "decision") {
    return {
      reason: refusal.code,
      status: meaning.status,
      ...retry,
      body: {
        decision: "DENY",
        reason: meaning.wire,
        ...(refusal.message ? { message: refusal.message } : {}),
        ...common,
        ...(refusal.retryAfterMs === undefined
          ? {}
          : { retry_after_ms: Math.ceil(refusal.retryAfterMs) }),
      },
    };
  }
  return {
    reason: refusal.code,
    status: meaning.status,
    ...retry,
    body: {
      decision: "DENY",
      reason: `${meaning.wire}: ${refusal.message}`,
      ...common,
      error: {
        code: meaning.wire,
        message: refusal.message,
        ...(refusal.problems?.length ? { details: refusal.problems.map(problemDocument) } : {}),
      },
    },
  };
}

function problemDocument(problem: Problem): ProblemDocument {
  return {
    pointer: problem.pointer,
    message: problem.message,
    ...(problem.position ? { line: problem.position.line, column: problem.position.column } : {}),
  };
}

/** All problems of a refusal as lines for a terminal. */
export function refusalLines(refusal: Refusal): readonly string[] {
  return refusal.problems?.length ? refusal.problems.map(formatProblem) : [refusal.message];
}

/** The reply to a denial by policy or by what its terms demand. */
export function deniedReply(decision: DenyDecision, ids: ReplyIds): Reply {
  const { refusal } = decision;
  if (refusal && meaningOf(refusal.code).kind === "error") return refusalReply(refusal, ids);
  return decisionReply(decision, ids, {});
}

/** The reply to an action that waits for a human. */
export function approvalReply(
  decision: ApprovalDecision,
  approval: { readonly fingerprint: string; readonly id?: string; readonly expiresAt?: string },
  ids: ReplyIds,
): Reply {
  return decisionReply(decision, ids, {
    ...obligationsOf(decision.terms),
    ...(approval.id ? { approval_id: approval.id } : {}),
    approval_fingerprint: approval.fingerprint,
    ...(approval.expiresAt ? { approval_expires_at: approval.expiresAt } : {}),
  });
}

/** The reply to a custom action: authorized here, executed and reported by the caller. */
export function externalReply(decision: AllowDecision, ids: ReplyIds): Reply {
  return decisionReply(decision, ids, {
    execution_mode: "external_authorized",
    report_path: "/actions/report",
    ...obligationsOf(decision.terms),
  });
}

/** The reply to an action that was performed. */
export function allowedReply(
  decision: AllowDecision,
  ids: ReplyIds,
  done: { readonly disclosed: Disclosed; readonly meta: ExecutedMeta },
): Reply {
  const { streams, truncated } = done.disclosed;
  const { meta } = done;
  return decisionReply(decision, ids, {
    ...(streams.output?.text ? { output: streams.output.text } : {}),
    ...(truncated ? { truncated } : {}),
    ...(meta.bytes_written ? { bytes_written: meta.bytes_written } : {}),
    ...(streams.stdout?.text ? { stdout: streams.stdout.text } : {}),
    ...(streams.stderr?.text ? { stderr: streams.stderr.text } : {}),
    ...(meta.exit_code === undefined ? {} : { exit_code: meta.exit_code }),
    ...(meta.status_code === undefined ? {} : { status_code: meta.status_code }),
    ...obligationsOf(decision.terms),
    ...(meta.credential_lease_id ? { credential_lease_id: meta.credential_lease_id } : {}),
    ...(meta.credential_lease_ids?.length
      ? { credential_lease_ids: meta.credential_lease_ids }
      : {}),
  });
}

function decisionReply(decision: Decision, ids: ReplyIds, more: Partial<ResponseDocument>): Reply {
  const meaning = meaningOf(decision.reason);
  return {
    reason: decision.reason,
    status: meaning.status,
    body: {
      decision: decision.verdict,
      reason: meaning.wire,
      ...(decision.message ? { message: decision.message } : {}),
      ...(ids.traceId ? { trace_id: ids.traceId } : {}),
      ...(ids.actionId ? { action_id: ids.actionId } : {}),
      ...more,
    },
  };
}

function obligationsOf(terms: Terms): { obligations?: JsonObject } {
  const json = termsToJson(terms);
  return Object.keys(json).length > 0 ? { obligations: json } : {};
}
