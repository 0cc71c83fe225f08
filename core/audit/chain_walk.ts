import { type Digest, isJsonObject, type JsonObject } from "../encoding/mod.ts";
import type { ChainHead } from "./chain.ts";
import type { CheckpointVerifier } from "./checkpoint.ts";
import { isIntact, textOf } from "./stored_record.ts";
import type { Break, BreakKind, ChainReport, Gap } from "./verify_report.ts";

/** Records that were written again after a failure are at most one batch old; a batch is smaller. */
const REMEMBERED = 1024;

/** What a walk is told and tells. */
export interface WalkOptions {
  readonly digest: Digest;
  /** Keys that may have signed checkpoints; none: signatures are counted, not checked. */
  readonly verifiers: readonly CheckpointVerifier[];
  /** Whether the log may begin in the middle of a chain, as what was captured from a stream does. */
  readonly partial: boolean;
  readonly onBreak: (found: Break) => void;
  readonly onGap: (found: Gap) => void;
}

/** Walks one chain, record by record, in constant memory. */
export class ChainWalk {
  readonly #id: string;
  readonly #options: WalkOptions;
  readonly #hashes: string[] = [];
  #events = 0;
  #firstSeq = 0;
  #last: ChainHead;
  #breaks = 0;
  #duplicates = 0;
  #checkpoints = { total: 0, signed: 0, verified: 0, invalid: 0, covered_seq: 0 };

  constructor(id: string, options: WalkOptions) {
    this.#id = id;
    this.#options = options;
    this.#last = { chainId: id, seq: 0, hash: "" };
  }

  /** Checks the next record of the chain. */
  async add(record: JsonObject, place: ChainHead, at: number): Promise<void> {
    const intact = isIntact(record, this.#options.digest);
    if (intact && this.#hashes[place.seq % REMEMBERED] === place.hash) {
      this.#duplicates++;
      return;
    }
    if (this.#events++ === 0) this.#firstSeq = place.seq;
    if (!intact) this.#break("event_changed", at, place.seq, "its content does not match its hash");
    this.#checkLink(textOf(record, "prev_event_hash"), place, at);
    if (textOf(record, "event_type") === "audit.checkpoint") {
      await this.#checkCheckpoint(record, place, at);
    }
    // A record that stands too late does not move the chain back.
    if (place.seq <= this.#last.seq) return;
    this.#last = place;
    this.#hashes[place.seq % REMEMBERED] = place.hash;
  }

  #checkLink(previous: string, { seq }: ChainHead, at: number): void {
    const last = this.#last;
    if (this.#events === 1 && seq > 1) {
      if (this.#options.partial) return;
      this.#gap(1, seq - 1, at);
      this.#break("missing_head", at, seq, `events 1 to ${seq - 1} before it are missing`);
    } else if (seq > last.seq + 1) {
      this.#gap(last.seq + 1, seq - 1, at);
      this.#break("gap", at, seq, `events ${last.seq + 1} to ${seq - 1} before it are missing`);
    } else if (seq <= last.seq) {
      this.#break("link", at, seq, `it stands where event ${last.seq + 1} is expected`);
    } else if (previous !== last.hash) {
      this.#break("link", at, seq, "it does not link to the event before it");
    }
  }

  async #checkCheckpoint(record: JsonObject, place: ChainHead, at: number): Promise<void> {
    const found = this.#checkpoints;
    const { verifiers } = this.#options;
    const checkpoint = readCheckpoint(record);
    found.total++;
    if (
      checkpoint === undefined || checkpoint.head.seq !== place.seq - 1 ||
      checkpoint.head.hash !== textOf(record, "prev_event_hash")
    ) {
      this.#break("checkpoint_mismatch", at, place.seq, "it does not state what stands before it");
      return;
    }
    const { head, signature, keyId } = checkpoint;
    if (signature !== "") found.signed++;
    if (verifiers.length === 0) {
      found.covered_seq = place.seq;
      return;
    }
    const verifier = verifiers.find((known) => known.keyId === keyId);
    if (signature === "" || verifier === undefined) {
      // Before the first signature that counts, the operator may not have had the key yet.
      if (found.verified > 0) {
        this.#break("signature_missing", at, place.seq, "no given key signed this checkpoint");
      }
    } else if (await verifier.verify(head, signature)) {
      found.verified++;
      found.covered_seq = place.seq;
    } else {
      found.invalid++;
      this.#break("signature_invalid", at, place.seq, "the signature of the checkpoint is wrong");
    }
  }

  /** What is wrong with the chain as a whole, after its last record. */
  finish(): void {
    const { total, verified, invalid } = this.#checkpoints;
    if (this.#options.verifiers.length > 0 && total > 0 && verified + invalid === 0) {
      this.#break("signature_missing", 0, this.#last.seq, "no given key signed any checkpoint");
    }
  }

  #gap(from: number, to: number, at: number): void {
    this.#options.onGap({ chain_id: this.#id, from_seq: from, to_seq: to, at });
  }

  #break(kind: BreakKind, at: number, seq: number, message: string): void {
    this.#breaks++;
    this.#options.onBreak({ kind, at, chain_id: this.#id, seq, message });
  }

  /** What was found so far. */
  report(): ChainReport {
    return {
      chain_id: this.#id,
      events: this.#events,
      first_seq: this.#firstSeq,
      last_seq: this.#last.seq,
      intact: this.#breaks === 0,
      duplicates: this.#duplicates,
      checkpoints: { ...this.#checkpoints },
      uncovered: this.#last.seq - Math.max(this.#checkpoints.covered_seq, this.#firstSeq - 1),
    };
  }
}

/** What a checkpoint says. */
export interface StatedCheckpoint {
  /** The newest record it covers. */
  readonly head: ChainHead;
  /** Empty when it is not signed. */
  readonly signature: string;
  readonly keyId: string;
}

/** Reads an `audit.checkpoint` event; `undefined` when it is none. */
export function readCheckpoint(record: JsonObject): StatedCheckpoint | undefined {
  const stated = record.executor_metadata;
  if (textOf(record, "event_type") !== "audit.checkpoint" || !isJsonObject(stated)) {
    return undefined;
  }
  const { count } = stated;
  if (typeof count !== "number") return undefined;
  return {
    head: { chainId: textOf(record, "chain_id"), seq: count, hash: textOf(stated, "head_hash") },
    signature: textOf(stated, "signature"),
    keyId: textOf(stated, "key_id"),
  };
}
