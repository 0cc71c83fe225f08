import { type Digest, isJsonObject, type JsonObject } from "../encoding/mod.ts";
import type { ChainHead } from "./chain.ts";
import { ChainWalk, type WalkOptions } from "./chain_walk.ts";
import type { CheckpointVerifier } from "./checkpoint.ts";
import { LegacyWalk } from "./legacy_walk.ts";
import type { SourceLine } from "./source.ts";
import { isIntact, parseStored, placeOf, textOf } from "./stored_record.ts";
import { TableWalk } from "./table_walk.ts";
import type { Break, Gap, VerifyReport } from "./verify_report.ts";

/** How a log is verified. */
export interface VerifyOptions {
  readonly digest: Digest;
  /** Keys that may have signed checkpoints. */
  readonly verifiers?: readonly CheckpointVerifier[];
  /** A checkpoint that was kept elsewhere: the log must still hold what it covers. */
  readonly kept?: ChainHead;
  /** The log may begin in the middle of a chain, as what was captured from a stream does. */
  readonly partial?: boolean;
  /** Warnings count as broken. */
  readonly strict?: boolean;
  /** Highest row id the table ever gave out, when it comes from a table. */
  readonly highestId?: number | undefined;
  /** Told now and then how many lines were walked. */
  readonly onProgress?: (lines: number) => void;
}

/** Gaps that a report lists; all are counted. */
const MAX_GAPS = 100;
const PROGRESS_EVERY = 10_000;

/**
 * Walks a log and tells whether every chain in it holds, in memory that does not grow with the log.
 *
 * @param lines the log, in order
 */
export async function verifyAudit(
  lines: AsyncIterable<SourceLine>,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const walk = new LogWalk(options);
  let count = 0;
  for await (const line of lines) {
    await walk.add(line);
    if (++count % PROGRESS_EVERY === 0) options.onProgress?.(count);
  }
  return walk.finish();
}

class LogWalk {
  readonly #options: VerifyOptions;
  readonly #walkOptions: WalkOptions;
  readonly #chains = new Map<string, ChainWalk>();
  readonly #legacy: LegacyWalk;
  readonly #table = new TableWalk((found) => this.#break(found));
  readonly #gaps: Gap[] = [];
  readonly #warnings: string[] = [];
  /** Lines that are no events and that no `audit.recovered` event accounts for. */
  readonly #unreadable: number[] = [];
  #lines = 0;
  #gapCount = 0;
  #first: Break | undefined;
  #broken = 0;
  #keptSeen = false;
  #torn: VerifyReport["torn_tail"];

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#legacy = new LegacyWalk(options.digest);
    this.#walkOptions = {
      digest: options.digest,
      verifiers: options.verifiers ?? [],
      partial: options.partial ?? false,
      onBreak: (found) => this.#break(found),
      onGap: (found) => {
        if (this.#gapCount++ < MAX_GAPS) this.#gaps.push(found);
      },
    };
  }

  async add(line: SourceLine): Promise<void> {
    const record = line.text === undefined ? undefined : parseStored(line.text);
    if (!line.complete && !(record && isIntact(record, this.#options.digest))) {
      this.#torn = { at: line.at, bytes: line.bytes };
      return;
    }
    if (line.text === "") return;
    this.#lines++;
    const before = this.#broken;
    const place = record && placeOf(record);
    const found = record && place && textOf(record, "event_type") !== ""
      ? { record, place }
      : undefined;
    if (found) await this.#addToChain(found.record, found.place, line.at);
    else if (record && isLegacy(record)) this.#legacy.add(record, line.at);
    else this.#unreadable.push(line.at);
    if (line.columns) this.#table.add(line, found, this.#broken > before);
  }

  async #addToChain(record: JsonObject, place: ChainHead, at: number): Promise<void> {
    let chain = this.#chains.get(place.chainId);
    if (chain === undefined) {
      chain = new ChainWalk(place.chainId, this.#walkOptions);
      this.#chains.set(place.chainId, chain);
    }
    await chain.add(record, place, at);
    this.#checkKept(place, at);
    if (accountsForFragment(record)) this.#unreadable.shift();
  }

  #checkKept(place: ChainHead, at: number): void {
    const { kept } = this.#options;
    if (kept?.chainId !== place.chainId || kept.seq !== place.seq) return;
    this.#keptSeen = true;
    if (kept.hash === place.hash) return;
    const message = "it is not the event that the given checkpoint covers";
    this.#break({
      kind: "checkpoint_mismatch",
      at,
      chain_id: kept.chainId,
      seq: kept.seq,
      message,
    });
  }

  #break(found: Break): void {
    this.#broken++;
    // What is wrong with a chain as a whole stands behind everything that has a place.
    const earlier = this.#first === undefined || (this.#first.at === 0 && found.at > 0) ||
      (found.at > 0 && found.at < this.#first.at);
    if (earlier) this.#first = found;
  }

  finish(): VerifyReport {
    for (const chain of this.#chains.values()) chain.finish();
    for (const at of this.#unreadable) {
      this.#break({ kind: "unreadable_line", at, message: "it is not an audit event" });
    }
    this.#checkTail();
    const chains = [...this.#chains.values()].map((chain) => chain.report());
    const legacy = this.#legacy.report();
    const events = chains.reduce((sum, chain) => sum + chain.events, legacy?.events ?? 0);
    this.#warn(events, chains.filter((chain) => chain.checkpoints.verified === 0).length);
    return {
      status: this.#status(events),
      events,
      chains,
      ...(legacy ? { legacy } : {}),
      gaps: this.#gaps,
      gap_count: this.#gapCount,
      ...(this.#first ? { first_broken: this.#first } : {}),
      broken_count: this.#broken,
      ...(this.#torn ? { torn_tail: this.#torn } : {}),
      warnings: this.#warnings,
    };
  }

  #checkTail(): void {
    const { kept, highestId } = this.#options;
    if (kept && !this.#keptSeen) {
      const message = `the log ends before event ${kept.seq}, which the given checkpoint covers`;
      this.#break({ kind: "cut_tail", at: 0, chain_id: kept.chainId, seq: kept.seq, message });
    }
    this.#table.finish(highestId);
  }

  #warn(events: number, unsigned: number): void {
    const legacy = this.#legacy.report();
    if (events === 0 && this.#lines === 0) this.#warnings.push("the log is empty");
    if (this.#torn) {
      this.#warnings.push(`line ${this.#torn.at} at the end was not written whole`);
    }
    if (legacy !== undefined && legacy.legacy_unverifiable > 0) {
      this.#warnings.push(`${legacy.legacy_unverifiable} legacy events cannot be verified`);
    }
    const { missingLegacy } = this.#table;
    if (missingLegacy > 0) {
      this.#warnings.push(`${missingLegacy} rows among legacy events are gone`);
    }
    if ((this.#options.verifiers?.length ?? 0) > 0 && unsigned > 0) {
      this.#warnings.push(`no checked signature vouches for ${unsigned} of the chains`);
    }
  }

  #status(events: number): VerifyReport["status"] {
    if (events === 0 && (this.#lines > 0 || this.#torn)) return "unreadable";
    if (this.#broken > 0) return "broken";
    return this.#options.strict && this.#warnings.length > 0 ? "broken" : "intact";
  }
}

/** The original's events have no place in a chain that counts. */
function isLegacy(record: JsonObject): boolean {
  return record.seq === undefined && record.chain_id === undefined &&
    textOf(record, "event_type") !== "";
}

/** A process that finds the fragment of another one, and may not cut it, says so. */
function accountsForFragment(record: JsonObject): boolean {
  const stated = record.executor_metadata;
  return textOf(record, "event_type") === "audit.recovered" && isJsonObject(stated) &&
    stated.cause === "torn_line" && stated.left_in_place === true;
}
