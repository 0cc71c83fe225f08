import type { JsonObject } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import type { ChainHead } from "./chain.ts";
import type { CheckpointSigner } from "./checkpoint.ts";
import type { Recovery } from "./sinks/sink.ts";

/** A time in which records were not taken. */
export interface Outage {
  /** When it began, RFC 3339 UTC. */
  readonly since: string;
  /** Sinks that failed, with what they said first. */
  readonly sinks: Map<string, string>;
  /** Attempts to record that were refused. */
  refused: number;
  /** Events that were given up because too many waited; only when the operator chose to fail open. */
  dropped: number;
  /** Records whose actions were refused although the first sink has them. */
  readonly refusedSeqs: number[];
  /** The head of the chain that could not go on. */
  abandoned?: ChainHead;
}

/** The event that covers everything before it. */
export async function checkpointEvent(
  head: ChainHead,
  signer: CheckpointSigner | undefined,
): Promise<AuditEvent> {
  const signature = signer &&
    { key_id: signer.keyId, signature: await signer.sign(head), signature_algorithm: "ed25519" };
  return {
    event_type: "audit.checkpoint",
    trace_id: head.chainId,
    executor_metadata: { count: head.seq, head_hash: head.hash, ...signature },
  };
}

/** The event that tells of a repaired sink. */
export function repairEvent(chainId: string, sink: string, recovery: Recovery): AuditEvent {
  const how: JsonObject = recovery.cutBytes === undefined
    ? { left_in_place: true }
    : { cut_bytes: recovery.cutBytes };
  return {
    event_type: "audit.recovered",
    trace_id: chainId,
    executor_metadata: { cause: recovery.cause, sink, ...how },
  };
}

/** The event that tells of a time without a record. */
export function outageEvent(chainId: string, outage: Outage): AuditEvent {
  const { abandoned, refusedSeqs, sinks } = outage;
  return {
    event_type: "audit.recovered",
    trace_id: chainId,
    executor_metadata: {
      cause: "sink_failure",
      since: outage.since,
      sinks: Object.fromEntries(sinks),
      refused: outage.refused,
      ...(outage.dropped > 0 ? { dropped: outage.dropped } : {}),
      ...(refusedSeqs.length > 0 ? { refused_seqs: refusedSeqs } : {}),
      ...(abandoned
        ? {
          abandoned_chain_id: abandoned.chainId,
          abandoned_seq: abandoned.seq,
          abandoned_hash: abandoned.hash,
        }
        : {}),
    },
  };
}
