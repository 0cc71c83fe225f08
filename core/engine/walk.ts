import type { Held, NormalizedAction } from "../actions/mod.ts";
import type { AuditEvent, Decision, IdentityFacts } from "../model/mod.ts";
import type { Clock, StageName } from "../ports/mod.ts";
import type { Arrival } from "./arrival.ts";
import type { CancelScope } from "./cancel.ts";
import type { ReplyIds } from "./respond.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Submitted } from "./submitted.ts";

/** What has become known of one request so far; the runner of the stages keeps it for evidence and telemetry. */
export class Walk {
  readonly arrival: Arrival;
  readonly snapshot: Snapshot;
  readonly startedAt: number;
  readonly stages: { stage: StageName; startMs: number; durationMs: number }[] = [];
  identity: IdentityFacts | undefined;
  submitted: Submitted | undefined;
  action: NormalizedAction | undefined;
  decision: Decision | undefined;
  held: Held<unknown> | undefined;
  scope: CancelScope | undefined;
  /** What the audit says of the action itself; kept because several events repeat it. */
  told: Partial<AuditEvent> | undefined;
  /** Whether the decision of this action is on record, so that its end must be too. */
  recorded = false;
  readonly #clock: Clock;

  constructor(arrival: Arrival, snapshot: Snapshot, clock: Clock) {
    this.arrival = arrival;
    this.snapshot = snapshot;
    this.#clock = clock;
    this.startedAt = clock.monotonic();
  }

  /** Marks the beginning of a stage and the end of the one before. */
  enter(stage: StageName): void {
    const now = this.#clock.monotonic();
    this.#closeStage(now);
    this.stages.push({ stage, startMs: now, durationMs: 0 });
  }

  /** Ends the last stage. */
  leave(): void {
    this.#closeStage(this.#clock.monotonic());
  }

  /** Milliseconds since the request arrived. */
  elapsedMs(): number {
    return this.#clock.monotonic() - this.startedAt;
  }

  /** The ids a reply repeats, as far as they are known. */
  get ids(): ReplyIds {
    return this.submitted
      ? { traceId: this.submitted.traceId, actionId: this.submitted.actionId }
      : {};
  }

  /** Frees what was held of the world. */
  async release(): Promise<void> {
    await this.held?.release();
  }

  #closeStage(now: number): void {
    const last = this.stages.at(-1);
    if (last !== undefined && last.durationMs === 0) last.durationMs = now - last.startMs;
  }
}
