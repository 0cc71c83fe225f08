import type { Recorder } from "../audit/mod.ts";
import { echo } from "../encoding/mod.ts";
import type { AuditEvent, IdentityFacts, Refusal } from "../model/mod.ts";
import type { Clock } from "../ports/mod.ts";
import { summarize } from "../redact/mod.ts";
import type { Arrival } from "./arrival.ts";
import { NO_TRACE } from "./record.ts";
import type { Snapshot } from "./snapshot.ts";

const BURST = 50;
const PER_SECOND = 10;

/** Who was turned away, as far as that is known. */
export interface TurnedAway {
  readonly transport: Arrival["transport"];
  /** The agent it says it is, unproven. */
  readonly claimedAgent?: string | undefined;
  /** Who it proved to be, when it is known and not allowed. */
  readonly identity?: IdentityFacts;
}

/**
 * Puts failed authentications on record, a bounded number a second: strangers must not be able to fill the disk that
 * keeps the evidence. What was not written one by one is counted in the next event.
 */
export class AuthFailureLog {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  #tokens = BURST;
  #filledAt: number;
  #suppressed = 0;

  constructor(recorder: Recorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#filledAt = clock.monotonic();
  }

  /** Notes one failure. Never waits and never fails: the caller is refused either way. */
  note(who: TurnedAway, refusal: Refusal, snapshot: Snapshot): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.#suppressed++;
      return;
    }
    this.#tokens--;
    const { claimedAgent: claimed, identity } = who;
    const event: AuditEvent = {
      event_type: "auth.failed",
      trace_id: NO_TRACE,
      ...(identity
        ? {
          principal: identity.principal,
          agent: identity.agent,
          environment: identity.environment,
        }
        : {}),
      decision: "DENY",
      reason: refusal.code,
      result_classification: "DENIED_POLICY",
      retryable: false,
      engine_version: snapshot.engineVersion,
      executor_metadata: {
        transport: who.transport,
        ...(refusal.metadata ?? {}),
        ...(claimed ? { claimed_agent: summarize(snapshot.redactor, echo(claimed, 64), 64) } : {}),
        ...(this.#suppressed > 0 ? { suppressed_failures: this.#suppressed } : {}),
      },
    };
    this.#suppressed = 0;
    void this.#recorder.record([event]);
  }
}
