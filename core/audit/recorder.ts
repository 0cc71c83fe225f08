import { fail, ok, type Result } from "../encoding/mod.ts";
import { type AuditEvent, type Refusal, refuse } from "../model/mod.ts";
import type { Clock } from "../ports/mod.ts";
import type { SealedRecord } from "./chain.ts";
import type { Delivery, SinkHealth } from "./delivery.ts";
import { type Draft, draftEvent } from "./draft.ts";
import { Outage } from "./outage.ts";
import { repairEvent } from "./own_events.ts";
import type { AuditReader } from "./query.ts";
import { type Entry, EventQueue } from "./queue.ts";
import { Receipt } from "./receipt.ts";
import type { SealedBatch, Sealer } from "./sealer.ts";
import { nextTurn } from "./turn.ts";

/** How the audit stands. */
export interface AuditHealth {
  /** False from the first record that was not taken until the next one that was. */
  readonly ok: boolean;
  readonly sinks: readonly SinkHealth[];
}

/** What a recorder works with; `openRecorder` puts it together. */
export interface RecorderParts {
  readonly delivery: Delivery;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly reader: AuditReader | undefined;
  /** Redacts an event before it is written. */
  readonly scrub: (event: AuditEvent) => AuditEvent;
  readonly newChainId: () => string;
  readonly failOpen: boolean;
  /** Events of one commit, about. */
  readonly maxBatch: number;
  /** Pause between attempts while something is owed, in milliseconds. */
  readonly retryMs: number;
  /** Frees the locks. */
  readonly release: () => Promise<void>;
  readonly onHealthChange: (health: AuditHealth) => void;
}

/** Turns that a batch waits for more events to come. */
const MAX_GATHER_TURNS = 16;
/** Turns in which nothing came that a batch of several waits through. */
const MAX_QUIET_TURNS = 2;

/**
 * Records events in one hash chain, in every sink.
 *
 * Events that come together share one commit. When a sink fails, what waited for its record is refused, what already
 * happened stays queued, and the next attempt, which the next event makes or a timer, begins where this one ended.
 *
 * INVARIANT: one flush at a time, so the order of the queue is the order of the chain in every sink.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #queue = new EventQueue();
  readonly #listeners = new Set<(record: SealedRecord) => void>();
  #running: Promise<void> | undefined;
  #outage: Outage | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closing: Promise<boolean> | undefined;
  #closed = false;
  #lastMs = -1;
  #lastTimestamp = "";

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#noteRepairs();
    if (this.#queue.length > 0) void this.#kick();
  }

  /** Answers questions about what was recorded; `undefined` when no sink can. */
  get reader(): AuditReader | undefined {
    return this.#parts.reader;
  }

  /**
   * Records what is about to happen; it may happen when the receipt is there.
   *
   * @returns a receipt once every sink took all of the events, or `audit_unavailable`
   */
  record(events: readonly AuditEvent[]): Promise<Result<Receipt, Refusal>> {
    const drafts = this.#draftAll(events);
    if (this.#closing !== undefined) return Promise.resolve(fail(unavailable("is closed")));
    return new Promise((resolve) => {
      this.#enqueue({
        drafts,
        when: "before",
        settle: (outcome) => {
          if (outcome === "refused") resolve(fail(unavailable("cannot be written")));
          else resolve(ok(new Receipt(outcome === "recorded")));
        },
      });
    });
  }

  /**
   * Records what has happened. The events are kept, in order, until every sink took them.
   *
   * @returns `waiting` when a sink does not take them now
   */
  recordAfter(events: readonly AuditEvent[]): Promise<"recorded" | "waiting"> {
    const drafts = this.#draftAll(events);
    if (this.#closed) return Promise.resolve("waiting");
    return new Promise((resolve) => {
      this.#enqueue({
        drafts,
        when: "after",
        settle: (outcome) => resolve(outcome === "recorded" ? "recorded" : "waiting"),
      });
    });
  }

  /** How the sinks stood at the last attempt. */
  health(): AuditHealth {
    return { ok: this.#outage === undefined, sinks: this.#parts.delivery.health() };
  }

  /** Tells a listener each record once it is in the chain. Returns how to stop it. */
  subscribe(listener: (record: SealedRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Records what waits, covers it with a checkpoint and closes the sinks.
   *
   * @returns false when a sink did not take everything
   */
  close(): Promise<boolean> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<boolean> {
    clearTimeout(this.#retry);
    // What runs now may have failed before the sink was well again: one more attempt is due.
    await this.#running;
    await this.#kick();
    const complete = this.#outage === undefined && this.#queue.length === 0;
    this.#closed = true;
    await this.#parts.delivery.close();
    await this.#parts.release();
    return complete;
  }

  #draftAll(events: readonly AuditEvent[]): readonly Draft[] {
    if (events.length === 0) throw new Error("a receipt needs at least one audit event");
    const timestamp = this.#timestamp();
    return events.map((event) => draftEvent(this.#parts.scrub(event), timestamp));
  }

  #timestamp(): string {
    const ms = this.#parts.clock.now();
    if (ms !== this.#lastMs) {
      this.#lastMs = ms;
      this.#lastTimestamp = new Date(ms).toISOString();
    }
    return this.#lastTimestamp;
  }

  #enqueue(entry: Entry): void {
    this.#queue.push(entry);
    void this.#kick();
  }

  /** Starts a run unless one is going on; resolves when it has ended. */
  #kick(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      for (;;) {
        await this.#gather();
        if (!this.#hasWork()) break;
        if (!(await this.#flush()) && !this.#queue.fresh) break;
      }
    } finally {
      // INVARIANT: nothing awaits between the last look at the queue and this line, so no event is left behind.
      this.#running = undefined;
    }
  }

  /**
   * Waits while events keep coming: whoever is ready to record shares this commit. Where several came already, more are
   * on their way through their bodies and policy: a few quiet turns do not end the wait.
   */
  async #gather(): Promise<void> {
    const { clock, maxBatch } = this.#parts;
    let quiet = 0;
    for (let turn = 0; turn < MAX_GATHER_TURNS; turn++) {
      const before = this.#queue.length;
      if (before >= maxBatch) return;
      await (clock.turn?.() ?? nextTurn());
      quiet = this.#queue.length === before ? quiet + 1 : 0;
      if (quiet > (before > 1 ? MAX_QUIET_TURNS : 0)) return;
    }
  }

  #hasWork(): boolean {
    if (this.#closed) return false;
    return this.#queue.length > 0 || this.#outage !== undefined ||
      (this.#closing !== undefined && this.#parts.sealer.uncovered > 0);
  }

  /** Records one batch; false when a sink did not take it. */
  async #flush(): Promise<boolean> {
    const { delivery, sealer } = this.#parts;
    if (!(await delivery.settle())) return this.#giveUp();
    const entries = this.#queue.take(this.#parts.maxBatch);
    const own = this.#outage ? [this.#draft(this.#outage.toEvent(sealer.head.chainId))] : [];
    const drafts = [...own, ...entries.flatMap((entry) => entry.drafts)];
    const batch = await this.#seal(drafts);
    const delivered = batch === undefined ? "none" : await delivery.deliver(batch.records);
    if (batch === undefined || delivered === "none" || delivered === "unknown") {
      this.#queue.putBack(entries);
      if (delivered === "unknown") this.#abandonChain();
      return this.#giveUp();
    }
    sealer.commit(batch);
    this.#outage = undefined;
    if (delivered === "some") this.#settleHalf(entries, batch.records[own.length]?.seq ?? 0);
    else for (const entry of entries) entry.settle("recorded");
    this.#noteRepairs();
    for (const record of batch.records) {
      for (const listener of this.#listeners) alone(() => listener(record));
    }
    if (delivered === "some") return this.#giveUp();
    if (own.length > 0) this.#tellHealth();
    return true;
  }

  async #seal(drafts: readonly Draft[]): Promise<SealedBatch | undefined> {
    const last = this.#closing !== undefined && this.#queue.length === 0;
    try {
      return await this.#parts.sealer.seal(drafts, last);
    } catch (fault) {
      const message = fault instanceof Error ? fault.message : String(fault);
      this.#beginOutage().noteSinks([{ name: "chain", ok: false, message }]);
      return undefined;
    }
  }

  /** The first sink has the batch and cannot give it back; what waited for it does not happen all the same. */
  #settleHalf(entries: readonly Entry[], firstSeq: number): void {
    const outage = this.#beginOutage();
    let seq = firstSeq;
    for (const entry of entries) {
      const refused = entry.when === "before" && !this.#parts.failOpen;
      if (refused) outage.noteRefusedRecord(seq, entry.drafts.length);
      entry.settle(refused ? "refused" : "waiting");
      seq += entry.drafts.length;
    }
  }

  /** Refuses what waits for a record; keeps what has happened and tries again later. Always false. */
  #giveUp(): false {
    const { failOpen, retryMs } = this.#parts;
    this.#beginOutage().count(this.#queue.giveUp(failOpen));
    clearTimeout(this.#retry);
    if (this.#closing === undefined && retryMs > 0) {
      this.#retry = setTimeout(() => void this.#kick(), retryMs);
    }
    return false;
  }

  #beginOutage(): Outage {
    const began = this.#outage === undefined;
    this.#outage ??= new Outage(this.#timestamp());
    this.#outage.noteSinks(this.#parts.delivery.health());
    if (began) this.#tellHealth();
    return this.#outage;
  }

  #tellHealth(): void {
    alone(() => this.#parts.onHealthChange(this.health()));
  }

  #abandonChain(): void {
    const { sealer, newChainId } = this.#parts;
    this.#beginOutage().noteAbandoned(sealer.head);
    sealer.abandon(newChainId());
  }

  /** Queues an event for each repair that a sink made. */
  #noteRepairs(): void {
    for (const { sink, recovery } of this.#parts.delivery.takeRecoveries()) {
      const event = repairEvent(this.#parts.sealer.head.chainId, sink, recovery);
      this.#queue.push({ drafts: [this.#draft(event)], when: "after", settle: () => {} });
    }
  }

  #draft(event: AuditEvent): Draft {
    return draftEvent(event, this.#timestamp());
  }
}

/** INVARIANT: whoever is told of something fails alone: recording goes on, and whoever waits for it gets an answer. */
function alone(tell: () => void): void {
  try {
    tell();
  } catch {
    // Its own affair, and the log it would go to may be what failed.
  }
}

function unavailable(state: string): Refusal {
  return refuse(
    "audit_unavailable",
    `Cannot record the action: the audit log ${state}, and nothing runs without a record`,
  );
}
