import type { Digest, JsonObject } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import { type ChainHead, headOf, type SealedRecord } from "./chain.ts";
import type { AuditSink } from "./sinks/sink.ts";
import { isIntact, parseStored, placeOf, textOf } from "./stored_record.ts";

/** Chains of a process that held the locks; only such a chain goes on after a restart. */
export const MAIN_CHAIN = "main-";
/** Chains of a process that found the locks taken: it may still be alive, so nobody goes on with them. */
export const SIDE_CHAIN = "side-";

/** How a chain goes on where an earlier process left it. */
export interface Continuation {
  readonly head: ChainHead;
  /** Whether the newest record is a checkpoint, so that nothing is left uncovered. */
  readonly atCheckpoint: boolean;
  /** Records that a sink behind the first one lacks, oldest first. */
  readonly missing: ReadonlyMap<AuditSink, readonly SealedRecord[]>;
}

interface StoredRecord extends SealedRecord {
  readonly previous: string;
}

/**
 * Finds out whether the chain of an earlier process can go on.
 *
 * It goes on when the newest record of the first sink is whole, and every other sink ends with that record or with
 * an earlier one from which it can be completed: a process may die between two sinks.
 *
 * @param sinks the durable ones, the first one first
 * @returns `undefined` when a new chain has to begin
 */
export async function findContinuation(
  sinks: readonly AuditSink[],
  digest: Digest,
): Promise<Continuation | undefined> {
  const [first, ...others] = sinks;
  const newest = first && await newestOf(first, digest);
  if (first === undefined || newest === undefined) return undefined;
  const missing = new Map<AuditSink, readonly SealedRecord[]>();
  for (const sink of others) {
    const own = await newestOf(sink, digest);
    if (own === undefined || own.chainId !== newest.chainId) return undefined;
    if (own.hash === newest.hash) continue;
    const records = await recordsAfter(first, own, digest);
    if (records === undefined) return undefined;
    missing.set(sink, records);
  }
  const atCheckpoint = newest.event.event_type === "audit.checkpoint";
  return { head: headOf(newest), atCheckpoint, missing };
}

/** The newest record of a main chain; `undefined` when there is none or it is damaged. */
async function newestOf(sink: AuditSink, digest: Digest): Promise<StoredRecord | undefined> {
  for await (const line of sink.memory?.newestFirst() ?? []) {
    const record = readRecord(line, digest);
    if (record === undefined || record.chainId.startsWith(MAIN_CHAIN)) return record;
  }
  return undefined;
}

/** The records of a chain behind a place, oldest first; `undefined` when they do not link up to it. */
async function recordsAfter(
  sink: AuditSink,
  place: ChainHead,
  digest: Digest,
): Promise<readonly SealedRecord[] | undefined> {
  const found: StoredRecord[] = [];
  for await (const line of sink.memory?.newestFirst() ?? []) {
    const record = readRecord(line, digest);
    if (record === undefined) return undefined;
    if (record.chainId !== place.chainId) continue;
    if (record.seq <= place.seq) break;
    found.push(record);
  }
  const oldest = found.at(-1);
  const linked = oldest?.seq === place.seq + 1 && oldest.previous === place.hash;
  return linked ? found.reverse() : undefined;
}

function readRecord(line: string, digest: Digest): StoredRecord | undefined {
  const record = parseStored(line);
  const place = record && placeOf(record);
  if (record === undefined || place === undefined || !isIntact(record, digest)) return undefined;
  // Its hash is right and it has a place in a chain: this is what `seal` wrote, so it has an event's members.
  const event = record as JsonObject & AuditEvent;
  return {
    ...place,
    event,
    timestamp: textOf(record, "timestamp"),
    line,
    previous: textOf(record, "prev_event_hash"),
  };
}
