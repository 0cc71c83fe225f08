import type { ActionPorts } from "../actions/mod.ts";
import type { Approvals } from "../approvals/mod.ts";
import type { Recorder } from "../audit/mod.ts";
import type { Digest } from "../encoding/mod.ts";
import type { Authenticator } from "../identity/mod.ts";
import type { GatewayGuards, RateLimits, TraceCounter } from "../limits/mod.ts";
import type { Clock, Ids, Observer } from "../ports/mod.ts";

/** What one engine is built from. Built once, by one place, for every door. */
export interface EngineParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: Digest;
  readonly authenticator: Authenticator;
  readonly guards: GatewayGuards;
  readonly quotas: RateLimits | undefined;
  readonly traces: TraceCounter;
  readonly recorder: Recorder;
  /** Absent: approvals are off. */
  readonly approvals: Approvals | undefined;
  /** Absent: the generic approval webhook is off. */
  readonly webhookToken?: string | undefined;
  readonly ports: Omit<ActionPorts, "signal" | "settings" | "authorizeHop">;
  readonly observers: readonly Observer[];
  /** Told of faults, for the operator's log. */
  readonly onFault?: (fault: unknown) => void;
}
