import { canonicalJson, type Digest, type JsonObject } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import type { Draft } from "./draft.ts";
import { toStoredLine } from "./stored_line.ts";

/** The newest record of a chain: what the next one is linked to. */
export interface ChainHead {
  readonly chainId: string;
  /** 0 before the first record. */
  readonly seq: number;
  /** Empty before the first record. */
  readonly hash: string;
}

/** A record in its place in the chain, as it goes to the sinks. */
export interface SealedRecord {
  readonly event: AuditEvent;
  readonly timestamp: string;
  readonly chainId: string;
  readonly seq: number;
  readonly hash: string;
  /** The stored form, one line of JSON without its newline. */
  readonly line: string;
}

/** The start of a new chain. */
export function newChain(chainId: string): ChainHead {
  return { chainId, seq: 0, hash: "" };
}

/**
 * Gives an event its place: the hash covers the canonical form with `prev_event_hash` and without `event_hash`,
 * followed by the previous hash once more.
 *
 * INVARIANT: the line parses to an object whose canonical form, without `event_hash`, is what was hashed.
 *
 * @param head the record before; the first record of a chain has no `prev_event_hash`
 */
export function seal(draft: Draft, head: ChainHead, digest: Digest): SealedRecord {
  const seq = head.seq + 1;
  const start = `{${draft.beforeChain}"chain_id":"${head.chainId}",${draft.beforeHash}`;
  const previous = head.hash === "" ? "" : `"prev_event_hash":"${head.hash}",`;
  const end = `${draft.beforePrevious}${previous}${draft.beforeSeq}"seq":${seq}${draft.afterSeq}`;
  const hash = digest.sha256Hex(start + end + head.hash);
  return {
    event: draft.event,
    timestamp: draft.timestamp,
    chainId: head.chainId,
    seq,
    hash,
    line: toStoredLine(`${start}"event_hash":"${hash}",${end}`),
  };
}

/** Where the chain stands after a record. */
export function headOf(record: SealedRecord): ChainHead {
  return { chainId: record.chainId, seq: record.seq, hash: record.hash };
}

/**
 * Computes the hash a stored record should have.
 *
 * @param record a parsed record; its own `event_hash` does not count
 */
export function expectedHash(record: JsonObject, digest: Digest): string {
  const { event_hash: _, ...rest } = record;
  const previous = typeof record.prev_event_hash === "string" ? record.prev_event_hash : "";
  return digest.sha256Hex(canonicalJson(rest) + previous);
}
