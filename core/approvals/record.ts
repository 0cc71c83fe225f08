import type { ScopeType } from "./scope.ts";

/** Where an approval stands. `USED`: approved, and the one action it covered went ahead. */
export const APPROVAL_STATUSES = ["PENDING", "APPROVED", "DENIED", "USED"] as const;

/** Where an approval stands. */
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** The way a decision came in. */
export type DecisionChannel =
  | "http"
  | "ui"
  | "cli"
  | "webhook"
  | "slack"
  | "teams"
  | "elicitation";

/** One approval as it is stored. Times are Unix milliseconds. */
export interface ApprovalRecord {
  /** `apr_` and 24 hex digits. */
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly fingerprint: string;
  readonly scopeType: ScopeType;
  readonly scopeKey: string;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  readonly traceId: string;
  readonly actionId: string;
  readonly actionType: string;
  readonly resource: string;
  readonly paramsHash: string;
  /** What would be done, redacted, for the person who decides. */
  readonly preview: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly updatedAtMs: number;
  readonly decidedBy?: string;
  readonly decidedAtMs?: number;
  readonly channel?: string;
  readonly comment?: string;
}

/** How far the clocks of two replicas may be apart. */
const SKEW_MS = 60_000;

/**
 * Whether an approval may still be decided or used. One that was made well after now is not: the clock was set back,
 * and nobody knows how long the approval has been lying there.
 */
export function isLive(
  record: Pick<ApprovalRecord, "createdAtMs" | "expiresAtMs">,
  nowMs: number,
): boolean {
  return nowMs < record.expiresAtMs && record.createdAtMs <= nowMs + SKEW_MS;
}

/** The newest creation time that still counts, for a condition in SQL that means the same as {@link isLive}. */
export function newestCreation(nowMs: number): number {
  return nowMs + SKEW_MS;
}

/** Writes a time as answers and events show it (RFC 3339, UTC). */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
