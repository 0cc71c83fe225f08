import type { JsonObject } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import type { ChainHead } from "./chain.ts";
import type { CheckpointSigner } from "./checkpoint.ts";
import type { Recovery } from "./sinks/sink.ts";

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
