import type { Digest } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import { type ChainHead, headOf, newChain, seal, type SealedRecord } from "./chain.ts";
import { type CheckpointSigner } from "./checkpoint.ts";
import { type Draft } from "./draft.ts";
import { checkpointEvent } from "./own_events.ts";

/** Options of sealing. */
export interface SealerOptions {
  readonly head: ChainHead;
  readonly digest: Digest;
  /** A checkpoint follows after this many events. */
  readonly checkpointEvery: number;
  readonly signer: CheckpointSigner | undefined;
  /** Writes an event of our own, dated now. */
  readonly draft: (event: AuditEvent) => Draft;
  /** Events since the last checkpoint of the chain that goes on. */
  readonly uncovered: number;
}

/** A batch in its places, not yet taken by anybody. */
export interface SealedBatch {
  readonly records: readonly SealedRecord[];
  readonly head: ChainHead;
  readonly uncovered: number;
}

/**
 * Knows where the chain stands, and gives events their places.
 *
 * INVARIANT: the head moves only when a batch was taken ({@link commit}); a batch that nobody has is sealed anew.
 */
export class Sealer {
  readonly #options: SealerOptions;
  #head: ChainHead;
  #uncovered: number;

  constructor(options: SealerOptions) {
    this.#options = options;
    this.#head = options.head;
    this.#uncovered = options.uncovered;
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Events that no checkpoint covers yet. */
  get uncovered(): number {
    return this.#uncovered;
  }

  /**
   * Gives a batch its places, with a checkpoint behind it when one is due.
   *
   * @param cover whether a checkpoint is due however few events there are
   */
  async seal(drafts: readonly Draft[], cover: boolean): Promise<SealedBatch> {
    const { digest, checkpointEvery, signer, draft } = this.#options;
    const records: SealedRecord[] = [];
    let head = this.#head;
    for (const next of drafts) {
      const record = seal(next, head, digest);
      records.push(record);
      head = headOf(record);
    }
    let uncovered = this.#uncovered + records.length;
    if (uncovered >= checkpointEvery || (cover && uncovered > 0)) {
      const record = seal(draft(await checkpointEvent(head, signer)), head, digest);
      records.push(record);
      head = headOf(record);
      uncovered = 0;
    }
    return { records, head, uncovered };
  }

  /** Moves the head behind a batch that the first sink has. */
  commit(batch: SealedBatch): void {
    this.#head = batch.head;
    this.#uncovered = batch.uncovered;
  }

  /** Leaves the chain, whose end nobody knows, and begins another. */
  abandon(chainId: string): void {
    this.#head = newChain(chainId);
    this.#uncovered = 0;
  }
}
