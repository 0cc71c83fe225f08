import type { Approvals, ApprovalVote, Decider } from "../approvals/mod.ts";
import type { Recorder } from "../audit/mod.ts";
import { constantTimeEqual, fail, ok, type Result } from "../encoding/mod.ts";
import { type IdentityFacts, type Refusal, refuse } from "../model/mod.ts";
import type { Clock } from "../ports/mod.ts";
import {
  type ApprovalStatusDocument,
  decidedEvent,
  type DecisionDocument,
  decisionDocument,
  decodeDecision,
  statusDocument,
} from "./approve.ts";
import type { Snapshot } from "./snapshot.ts";

/** Agents that may wait for a decision at the same time. */
const MAX_WAITING = 1_000;
const BUSY_WAIT_MS = 1_000;

/** What the desk works with. */
export interface DeskParts {
  /** Absent: approvals are off. */
  readonly approvals: Approvals | undefined;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** Absent: the generic webhook is off. */
  readonly webhookToken: string | undefined;
}

/** Where people decide approvals and agents wait for them; callers are authenticated by the engine. */
export class ApprovalDesk {
  readonly #parts: DeskParts;
  #waiting = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** A principal decides. */
  async decide(
    bytes: Uint8Array,
    principal: string,
    snapshot: Snapshot,
  ): Promise<Result<DecisionDocument, Refusal>> {
    return await this.#decide(bytes, { by: principal, channel: "http", principal }, snapshot);
  }

  /**
   * A workflow decides over the generic webhook.
   *
   * @param token what the request carries as `X-Nomos-Webhook-Token`
   */
  async decideByWebhook(
    bytes: Uint8Array,
    token: string | undefined,
    snapshot: Snapshot,
  ): Promise<Result<DecisionDocument, Refusal>> {
    const { approvals, webhookToken } = this.#parts;
    if (approvals === undefined || webhookToken === undefined) {
      return fail(notEnabled("the approval webhook"));
    }
    if (!constantTimeEqual(token ?? "", webhookToken)) {
      return fail(
        refuse(
          "auth_error",
          "Cannot accept the request: who sends it is not proven, expected valid credentials",
          { metadata: { auth_failure: "webhook_token" } },
        ),
      );
    }
    return await this.#decide(bytes, { by: "webhook", channel: "webhook" }, snapshot);
  }

  /**
   * Waits for a decision on an approval that this identity asked for.
   *
   * @param options.waitMs milliseconds; 0 looks once
   */
  async wait(
    id: string,
    identity: IdentityFacts,
    options: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<Result<ApprovalStatusDocument, Refusal>> {
    const { approvals, clock } = this.#parts;
    if (approvals === undefined) return fail(notEnabled("approvals"));
    if (this.#waiting >= MAX_WAITING) {
      return fail(
        refuse("rate_limited", "Cannot wait: too many agents wait already", {
          retryAfterMs: BUSY_WAIT_MS,
        }),
      );
    }
    this.#waiting++;
    try {
      const record = await approvals.wait(id, identity, options);
      return record.ok ? ok(statusDocument(record.value, clock.now())) : record;
    } finally {
      this.#waiting--;
    }
  }

  async #decide(
    bytes: Uint8Array,
    decider: Decider,
    snapshot: Snapshot,
  ): Promise<Result<DecisionDocument, Refusal>> {
    const { approvals, recorder } = this.#parts;
    if (approvals === undefined) return fail(notEnabled("approvals"));
    const request = decodeDecision(bytes);
    if (!request.ok) return request;
    const vote: ApprovalVote = request.value.vote;
    if (!recorder.health().ok) {
      return fail(refuse("audit_unavailable", "Cannot decide: it could not be put on record"));
    }
    const decided = await approvals.decide(request.value.approvalId, vote, decider);
    if (!decided.ok) return decided;
    const { record, changed } = decided.value;
    if (changed) {
      const { by, channel } = decider;
      await recorder.recordAfter([decidedEvent(record, { vote, by, channel }, snapshot.redactor)]);
    }
    return ok(decisionDocument(record));
  }
}

function notEnabled(what: string): Refusal {
  return refuse("not_enabled", `Cannot do this: ${what} is not enabled in the configuration`);
}
