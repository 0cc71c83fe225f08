import type { SealedRecord } from "./chain.ts";
import { type AuditSink, type Recovery, SinkFailure } from "./sinks/sink.ts";

/** How one sink stands. */
export interface SinkHealth {
  readonly name: string;
  readonly ok: boolean;
  /** Why it does not take records. */
  readonly message?: string;
}

/**
 * What became of a batch.
 *
 * - `all`: every sink has it;
 * - `none`: no sink has anything of it, it may be sealed anew;
 * - `unknown`: the first sink may have part of it, so the chain cannot go on behind the old head;
 * - `some`: the first sink has it, others lack it and get it before anything else.
 */
export type Delivered = "all" | "none" | "unknown" | "some";

/**
 * Hands sealed batches to the sinks.
 *
 * INVARIANT: the first sink has whatever another one has, so that after a crash the others can be completed from it;
 * and no batch is handed out while an earlier one is owed to a sink.
 */
export class Delivery {
  readonly #sinks: readonly AuditSink[];
  readonly #failures = new Map<AuditSink, string>();
  #owed:
    | { readonly records: readonly SealedRecord[]; readonly to: readonly AuditSink[] }
    | undefined;

  constructor(sinks: readonly AuditSink[]) {
    this.#sinks = sinks;
  }

  /** Gives sinks the batch they lack; false when one still does not take it. */
  async settle(): Promise<boolean> {
    if (this.#owed === undefined) return true;
    const { records, to } = this.#owed;
    const lacking = await this.#offer(to, records);
    this.#owed = lacking.length === 0 ? undefined : { records, to: lacking };
    return lacking.length === 0;
  }

  /** Hands out a batch, to the first sink first; only after {@link settle} said true. */
  async deliver(records: readonly SealedRecord[]): Promise<Delivered> {
    const [first, ...others] = this.#sinks;
    if (first === undefined) return "none";
    const left = await this.#append(first, records);
    if (left !== undefined) return left;
    const lacking = others.length === 0 ? [] : await this.#offer(others, records);
    if (lacking.length === 0) return "all";
    this.#owed = { records, to: lacking };
    return "some";
  }

  async #offer(
    sinks: readonly AuditSink[],
    records: readonly SealedRecord[],
  ): Promise<readonly AuditSink[]> {
    const left = await Promise.all(sinks.map((sink) => this.#append(sink, records)));
    return sinks.filter((_, i) => left[i] !== undefined);
  }

  /** What a failed append left in the sink; `undefined` when it succeeded. */
  async #append(
    sink: AuditSink,
    records: readonly SealedRecord[],
  ): Promise<SinkFailure["left"] | undefined> {
    try {
      await sink.append(records);
      this.#failures.delete(sink);
      return undefined;
    } catch (failure) {
      this.#failures.set(sink, failure instanceof Error ? failure.message : String(failure));
      return failure instanceof SinkFailure ? failure.left : "unknown";
    }
  }

  /** How every sink stood when it was last asked. */
  health(): readonly SinkHealth[] {
    return this.#sinks.map((sink) => {
      const message = this.#failures.get(sink);
      return message === undefined
        ? { name: sink.name, ok: true }
        : { name: sink.name, ok: false, message };
    });
  }

  /** Repairs that sinks made since the last call. */
  takeRecoveries(): readonly { readonly sink: string; readonly recovery: Recovery }[] {
    return this.#sinks.flatMap((sink) =>
      sink.takeRecoveries().map((recovery) => ({ sink: sink.name, recovery }))
    );
  }

  /** Closes every sink; a sink that fails to close does not keep the others open. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#sinks.map((sink) => sink.close()));
  }
}
