import type { JsonObject, Problem } from "../encoding/mod.ts";
import type { ReasonCode } from "./reason.ts";

/** Why a stage did not hand its value on. A value, not an exception. */
export interface Refusal {
  /** Why, out of the closed list. */
  readonly code: ReasonCode;
  /** For people: what was refused, why, and what to do. Never a secret, never a stack. */
  readonly message: string;
  /** Every problem of the document, when the document is at fault. */
  readonly problems?: readonly Problem[];
  /** How long to wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Facts for the audit event of this refusal. */
  readonly metadata?: JsonObject;
}

/**
 * Builds a refusal.
 *
 * @example
 * ```ts
 * refuse("deny_by_default", "no rule allows this").code; // "deny_by_default"
 * ```
 */
export function refuse(
  code: ReasonCode,
  message: string,
  more: Omit<Refusal, "code" | "message"> = {},
): Refusal {
  return { code, message, ...more };
}
