import type { AuditEvent } from "../model/mod.ts";
import type { ChainHead } from "./chain.ts";
import type { SinkHealth } from "./delivery.ts";

/** A time in which records were not taken: what the event that ends it will tell. */
export class Outage {
  readonly #since: string;
  readonly #sinks = new Map<string, string>();
  readonly #refusedSeqs: number[] = [];
  #refused = 0;
  #dropped = 0;
  #abandoned: ChainHead | undefined;

  /** @param since RFC 3339, UTC */
  constructor(since: string) {
    this.#since = since;
  }

  /** Notes which sinks fail; what a sink said first stays. */
  noteSinks(sinks: readonly SinkHealth[]): void {
    for (const { name, message } of sinks) {
      if (message !== undefined && !this.#sinks.has(name)) this.#sinks.set(name, message);
    }
  }

  /** Counts attempts to record that were refused, and events given up by an operator who fails open. */
  count(attempts: { readonly refused: number; readonly dropped: number }): void {
    this.#refused += attempts.refused;
    this.#dropped += attempts.dropped;
  }

  /** Notes records that the first sink has although their action was refused. */
  noteRefusedRecord(firstSeq: number, events: number): void {
    this.#refused++;
    for (let seq = firstSeq; seq < firstSeq + events; seq++) this.#refusedSeqs.push(seq);
  }

  /** Notes the head of a chain that cannot go on; the first one counts, the others held nothing. */
  noteAbandoned(head: ChainHead): void {
    if (head.seq > 0) this.#abandoned ??= head;
  }

  /** The event that tells of it. */
  toEvent(chainId: string): AuditEvent {
    const abandoned = this.#abandoned;
    return {
      event_type: "audit.recovered",
      trace_id: chainId,
      executor_metadata: {
        cause: "sink_failure",
        since: this.#since,
        sinks: Object.fromEntries(this.#sinks),
        refused: this.#refused,
        ...(this.#dropped > 0 ? { dropped: this.#dropped } : {}),
        ...(this.#refusedSeqs.length > 0 ? { refused_seqs: [...this.#refusedSeqs] } : {}),
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
}
