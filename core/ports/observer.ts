import type { ReasonCode, Verdict } from "../model/mod.ts";

/** The steps of the walk, as telemetry names them. */
export type StageName =
  | "authenticate"
  | "guard"
  | "decode"
  | "normalize"
  | "admit"
  | "hold"
  | "decide"
  | "settle"
  | "record"
  | "perform"
  | "disclose";

/** What is told of one finished action. Bounded values only: no ids, no resources in labels. */
export interface ActionObservation {
  readonly traceId: string | undefined;
  readonly traceparent: string | undefined;
  readonly transport: string;
  readonly actionType: string | undefined;
  readonly verdict: Verdict;
  readonly reason: ReasonCode;
  readonly durationMs: number;
  readonly stages: readonly {
    readonly stage: StageName;
    readonly startMs: number;
    readonly durationMs: number;
  }[];
}

/**
 * Listens to the engine.
 *
 * Duties: never throws, never blocks, never changes a decision.
 */
export interface Observer {
  action(observation: ActionObservation): void;
  rateLimit?(observation: {
    readonly result: "allowed" | "exceeded";
    readonly ruleId: string;
    readonly scope: string;
    readonly actionType: string;
  }): void;
}
