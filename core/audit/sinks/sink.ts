import type { Problem, Result } from "../../encoding/mod.ts";
import type { Adapters } from "../../ports/mod.ts";
import type { SealedRecord } from "../chain.ts";
import type { AuditReader } from "../query.ts";

/** What sinks are opened with. */
export type SinkPorts = Pick<Adapters, "storage" | "openDatabase" | "digest">;

/** One sink as the operator named it. */
export interface SinkSpec {
  /** The registry's name of the kind: `file`. */
  readonly kind: string;
  /** What stands behind the prefix: a path; empty for streams. */
  readonly target: string;
}

/** How a sink is opened. */
export interface SinkOptions {
  readonly ports: SinkPorts;
  /** `full`: survives power loss; `normal`: survives the process only. */
  readonly durability: "full" | "normal";
  /** Whether this process holds the sink's lock: only then may what a dead process left be cut. */
  readonly exclusive: boolean;
}

/** What a sink found damaged, and did about it. Told in an `audit.recovered` event. */
export interface Recovery {
  readonly cause: "torn_line";
  /** Bytes of the fragment; for a fragment that could not be cut, because others write too, unknown. */
  readonly cutBytes?: number;
}

/** What a durable sink remembers of earlier processes. */
export interface SinkMemory {
  /** Stored lines, newest first, as far back as the sink is willing to look. */
  newestFirst(): AsyncIterable<string>;
}

/**
 * A place where records are kept.
 *
 * Duties: `append` resolves when every record of the batch is kept as the sink promises, in order; when it rejects it
 * does so with a `SinkFailure` that says what is left behind; calls never overlap; a later call works again
 * as soon as the cause is gone, without a restart.
 */
export interface AuditSink {
  /** As the operator wrote it: `file:/var/lib/nomos/audit.jsonl`. */
  readonly name: string;
  append(records: readonly SealedRecord[]): Promise<void>;
  /** Hands over, once, what was repaired since the last call. */
  takeRecoveries(): readonly Recovery[];
  /** Only sinks that can be read back. */
  readonly memory?: SinkMemory;
  /** Only sinks that answer questions while they are written. */
  readonly reader?: AuditReader;
  close(): Promise<void>;
}

/** A batch that a sink did not take. */
export class SinkFailure extends Error {
  /** `none`: nothing of the batch is in the sink; `unknown`: some of it may be. */
  readonly left: "none" | "unknown";

  constructor(left: SinkFailure["left"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SinkFailure";
    this.left = left;
  }
}

/** A kind of sink. One file declares one; the registry lists it. */
export interface SinkKind {
  /** What the operator writes before the colon. */
  readonly name: string;
  /** Whether a target follows the name. */
  readonly target: "none" | "path" | "url";
  /** Whether what it took survives the process, and can be read back to go on with the chain. */
  readonly durable: boolean;
  /** `undefined` for kinds that are known but not part of this version. */
  readonly open:
    | ((spec: SinkSpec, options: SinkOptions) => Promise<Result<AuditSink, Problem>>)
    | undefined;
}

/** How a sink is written in a configuration and in messages. */
export function sinkName(spec: SinkSpec): string {
  return spec.target === "" ? spec.kind : `${spec.kind}:${spec.target}`;
}

/** The problem of a sink that cannot be used. */
export function sinkProblem(spec: SinkSpec, state: string, cause?: unknown): Problem {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  return {
    pointer: "/audit/sink",
    message: `Cannot open audit sink "${sinkName(spec)}": ${state}${why}`,
  };
}
