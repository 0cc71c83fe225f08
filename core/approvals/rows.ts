import type { SqlRow } from "../ports/mod.ts";
import { APPROVAL_STATUSES, type ApprovalRecord } from "./record.ts";

/** The columns that {@link recordsOf} reads. */
export const COLUMNS =
  `approval_id, fingerprint, scope_type, scope_key, status, trace_id, action_id,
  action_type, resource, params_hash, principal, agent, environment, created_at_ms, expires_at_ms,
  updated_at, preview, decided_by, decided_at, channel, decision_comment`;

/** Reads rows. Those with a status or scope that nobody knows are nobody's approval, and left out. */
export function recordsOf(rows: readonly SqlRow[]): ApprovalRecord[] {
  return rows.flatMap((row) => recordOf(row) ?? []);
}

function recordOf(row: SqlRow): ApprovalRecord | undefined {
  const status = APPROVAL_STATUSES.find((known) => known === row["status"]);
  const scopeType = row["scope_type"];
  if (status === undefined || (scopeType !== "fingerprint" && scopeType !== "class")) return;
  return {
    id: text(row, "approval_id"),
    status,
    fingerprint: text(row, "fingerprint"),
    scopeType,
    scopeKey: text(row, "scope_key"),
    principal: text(row, "principal"),
    agent: text(row, "agent"),
    environment: text(row, "environment"),
    traceId: text(row, "trace_id"),
    actionId: text(row, "action_id"),
    actionType: text(row, "action_type"),
    resource: text(row, "resource"),
    paramsHash: text(row, "params_hash"),
    preview: text(row, "preview"),
    createdAtMs: Number(row["created_at_ms"]),
    expiresAtMs: Number(row["expires_at_ms"]),
    updatedAtMs: Date.parse(text(row, "updated_at")),
    ...(row["decided_by"] ? { decidedBy: text(row, "decided_by") } : {}),
    ...(row["decided_at"] ? { decidedAtMs: Date.parse(text(row, "decided_at")) } : {}),
    ...(row["channel"] ? { channel: text(row, "channel") } : {}),
    ...(row["decision_comment"] ? { comment: text(row, "decision_comment") } : {}),
  };
}

function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}
