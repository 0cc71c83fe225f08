import type { NormalizedAction } from "../actions/mod.ts";
import { type Approvals, fingerprintOf, rfc3339 } from "../approvals/mod.ts";
import type { Digest } from "../encoding/mod.ts";
import type { AllowDecision, ApprovalDecision, Decision, DenyDecision } from "../model/mod.ts";
import type { Submitted } from "./submitted.ts";

/** An approval that somebody must decide; without an id when approvals are off. */
export interface PendingApproval {
  readonly fingerprint: string;
  readonly id?: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  /** Whether this request asked for it first. */
  readonly created: boolean;
}

/** A decision nobody has to be asked about any more, or one that waits. */
export type Settled =
  | {
    readonly kind: "allowed";
    readonly decision: AllowDecision;
    readonly approval: { readonly id: string; readonly fingerprint: string } | undefined;
  }
  | { readonly kind: "denied"; readonly decision: DenyDecision }
  | {
    readonly kind: "waiting";
    readonly decision: ApprovalDecision;
    readonly approval: PendingApproval;
  };

/** What settling needs of the engine. */
export interface SettleParts {
  readonly approvals: Approvals | undefined;
  readonly digest: Digest;
  readonly redact: (text: string) => string;
}

/**
 * Settles a decision: an approval that was given is spent (one compare-and-set, before anything is recorded or done),
 * one that is missing is asked for. A wrong, foreign, denied, expired or used id asks afresh and never allows.
 */
export async function settle(
  decision: Decision,
  submitted: Submitted,
  action: Pick<NormalizedAction, "facts">,
  parts: SettleParts,
): Promise<Settled> {
  if (decision.verdict === "ALLOW") return { kind: "allowed", decision, approval: undefined };
  if (decision.verdict === "DENY") return { kind: "denied", decision };
  const { approvals } = parts;
  if (approvals === undefined) {
    const fingerprint = fingerprintOf(action.facts, parts.digest);
    return { kind: "waiting", decision, approval: { fingerprint, created: false } };
  }
  if (submitted.approvalId !== undefined) {
    const claimed = await approvals.claim(submitted.approvalId, action.facts, decision.terms);
    if (claimed !== undefined) {
      return {
        kind: "allowed",
        decision: { ...decision, verdict: "ALLOW", reason: "allow_by_approval" },
        approval: { id: claimed.id, fingerprint: fingerprintOf(action.facts, parts.digest) },
      };
    }
  }
  const { record, created } = await approvals.request(action.facts, decision.terms, parts.redact);
  return {
    kind: "waiting",
    decision,
    approval: {
      fingerprint: fingerprintOf(action.facts, parts.digest),
      id: record.id,
      expiresAt: rfc3339(record.expiresAtMs),
      created,
    },
  };
}
