import { type Digest, fail, ok, type Result } from "../encoding/mod.ts";
import type { ActionFacts, Refusal, Terms } from "../model/mod.ts";
import type { Clock, Database, Ids } from "../ports/mod.ts";
import { DecisionNews } from "./decision_news.ts";
import { previewOf } from "./preview.ts";
import { type ApprovalRecord, type DecisionChannel, isLive } from "./record.ts";
import {
  conflictingDecision,
  expiredApproval,
  notAnApprover,
  ownRequest,
  unknownApproval,
} from "./refusals.ts";
import { type Binding, bindingOf } from "./scope.ts";
import { type ApprovalQuery, ApprovalStore } from "./store.ts";

/** The rules of approving. */
export interface ApprovalSettings {
  /** How long an approval may be waited for and used, in seconds. */
  readonly ttlSeconds: number;
  /** Principals that may decide over HTTP and in the UI; nobody else may. */
  readonly approverPrincipals: readonly string[];
  /** Whether the principal that asked may decide; default false. */
  readonly allowSelfApproval?: boolean;
}

/** What approving needs of the world. */
export interface ApprovalPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: Digest;
}

/** An approval that was asked for. */
export interface Requested {
  readonly record: ApprovalRecord;
  /** False when the same live one was there already. */
  readonly created: boolean;
}

/** Somebody who decides. */
export interface Decider {
  /** Who it was, for the record: a principal, a user of a chat, a user of the system. */
  readonly by: string;
  readonly channel: DecisionChannel;
  /** The principal that is deciding, where the channel knows one; it may not decide what it asked for itself. */
  readonly principal?: string;
  readonly comment?: string;
}

/** What somebody decided. */
export type ApprovalVote = "APPROVE" | "DENY";

/** An approval after a decision. */
export interface Decided {
  readonly record: ApprovalRecord;
  /** False when the same decision had been made before. */
  readonly changed: boolean;
}

/** Channels on which anybody who is authenticated could decide. */
const OPEN_CHANNELS: ReadonlySet<DecisionChannel> = new Set(["http", "ui"]);

/** Longest wait for a decision, in milliseconds. */
export const MAX_WAIT_MS = 60_000;
/** The command line and other replicas decide in the store only: it is looked at this often. */
const POLL_MS = 250;
const MAX_COMMENT = 1_000;
const REQUEST_ATTEMPTS = 4;

/**
 * Approvals: asked for, decided by people, used by the action they were given for.
 *
 * INVARIANT: an approval of one action lets exactly one execution through, however many try at once.
 */
export class Approvals {
  readonly #store: ApprovalStore;
  readonly #settings: ApprovalSettings;
  readonly #ports: ApprovalPorts;
  readonly #news = new DecisionNews();

  private constructor(store: ApprovalStore, settings: ApprovalSettings, ports: ApprovalPorts) {
    this.#store = store;
    this.#settings = settings;
    this.#ports = ports;
  }

  /**
   * Opens approvals on a database, which is closed with them.
   *
   * @throws {DatabaseError} when the table cannot be read or brought up to date
   */
  static async open(
    db: Database,
    settings: ApprovalSettings,
    ports: ApprovalPorts,
  ): Promise<Approvals> {
    return new Approvals(await ApprovalStore.open(db), settings, ports);
  }

  /** The fingerprint of an action, and what its approval would be bound to. */
  bindingOf(facts: ActionFacts, terms: Terms): Binding {
    return bindingOf(facts, terms, this.#ports.digest);
  }

  /**
   * Asks for an approval, or finds the one that is already being asked for.
   *
   * @param redact applied to everything the preview shows
   */
  async request(
    facts: ActionFacts,
    terms: Terms,
    redact: (text: string) => string,
  ): Promise<Requested> {
    const binding = this.bindingOf(facts, terms);
    // A pending approval that kept us from adding ours may be decided before we read it; then ours is added.
    for (let attempt = 0; attempt < REQUEST_ATTEMPTS; attempt++) {
      const now = this.#ports.clock.now();
      const known = await this.#store.findPending(binding, now);
      if (known !== undefined) return { record: known, created: false };
      const record = this.#newRecord(facts, binding, previewOf(facts, redact));
      if (await this.#store.addUnlessPending(record, now)) return { record, created: true };
    }
    throw new Error("the store of approvals neither adds an approval nor shows the one there is");
  }

  /**
   * Claims an approval for the action that is about to execute. An approval of one action is spent by this; one of a
   * class is good until it expires.
   *
   * @returns the approval, or `undefined` when this action may not go ahead with it, for whatever reason
   */
  async claim(id: string, facts: ActionFacts, terms: Terms): Promise<ApprovalRecord | undefined> {
    const binding = this.bindingOf(facts, terms);
    const now = this.#ports.clock.now();
    // Where a class would do, an approval of this one action does too.
    const once = binding.scopeType === "fingerprint" ? binding : this.bindingOf(facts, {});
    if (await this.#store.spend(id, once, now)) return await this.#store.byId(id);
    if (binding.scopeType !== "class") return undefined;
    const record = await this.#store.byId(id);
    return record?.status === "APPROVED" && isLive(record, now) && sameBinding(record, binding)
      ? record
      : undefined;
  }

  /**
   * Records what somebody decided.
   *
   * @returns `forbidden`, `approval_unknown`, `approval_expired`, or `approval_conflict` when it was decided otherwise
   *   or used
   */
  async decide(
    id: string,
    vote: ApprovalVote,
    decider: Decider,
  ): Promise<Result<Decided, Refusal>> {
    const barred = this.#mayDecide(decider);
    if (barred !== undefined) return fail(barred);
    const before = await this.#store.byId(id);
    if (before === undefined) return fail(unknownApproval(id));
    if (decider.principal === before.principal && !this.#settings.allowSelfApproval) {
      return fail(ownRequest(before));
    }
    const now = this.#ports.clock.now();
    const status = vote === "APPROVE" ? "APPROVED" : "DENIED";
    const { by, channel, comment } = decider;
    const changed = await this.#store.decide(id, {
      status,
      by,
      channel,
      ...(comment ? { comment: comment.slice(0, MAX_COMMENT) } : {}),
    }, now);
    if (changed) this.#news.tell(id);
    const after = await this.#store.byId(id);
    if (after === undefined) return fail(unknownApproval(id));
    if (changed) return ok({ record: after, changed });
    if (!isLive(after, now)) return fail(expiredApproval(after));
    return after.status === status
      ? ok({ record: after, changed })
      : fail(conflictingDecision(after));
  }

  /** One approval, for those who may see all of them. */
  async get(id: string): Promise<Result<ApprovalRecord, Refusal>> {
    const record = await this.#store.byId(id);
    return record === undefined ? fail(unknownApproval(id)) : ok(record);
  }

  /** Approvals, the newest first. */
  list(query: ApprovalQuery = {}): Promise<readonly ApprovalRecord[]> {
    return this.#store.list(query);
  }

  /**
   * Waits until an approval is decided, expires, or the time is up.
   *
   * @param owner who asked for it; nobody else learns that it exists
   * @param options.waitMs milliseconds, at most {@link MAX_WAIT_MS}; 0 looks once
   * @param options.signal ends the wait early
   * @returns the approval as it stands then, or `approval_unknown`
   */
  async wait(
    id: string,
    owner: { readonly principal: string; readonly agent: string; readonly environment: string },
    options: { readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<Result<ApprovalRecord, Refusal>> {
    const { clock } = this.#ports;
    const deadline = clock.monotonic() + Math.min(options.waitMs, MAX_WAIT_MS);
    for (;;) {
      const record = await this.#store.byId(id);
      if (record === undefined || !ownedBy(record, owner)) return fail(unknownApproval(id));
      const left = deadline - clock.monotonic();
      const settled = record.status !== "PENDING" || !isLive(record, clock.now());
      if (settled || left <= 0 || options.signal?.aborted) return ok(record);
      await this.#news.next(id, Math.min(left, POLL_MS), options.signal);
      // There is no store to look at any more.
      if (this.#news.closed) return ok(record);
    }
  }

  /** Lets those who wait go, and closes the store. */
  async close(): Promise<void> {
    this.#news.close();
    await this.#store.close();
  }

  #newRecord(facts: ActionFacts, binding: Binding, preview: string): ApprovalRecord {
    const now = this.#ports.clock.now();
    return {
      id: `apr_${this.#ports.ids.hex(12)}`,
      status: "PENDING",
      ...binding,
      traceId: facts.traceId,
      actionId: facts.id,
      actionType: facts.type,
      resource: facts.resource,
      paramsHash: facts.paramsHash,
      preview,
      createdAtMs: now,
      expiresAtMs: now + this.#settings.ttlSeconds * 1000,
      updatedAtMs: now,
    };
  }

  #mayDecide({ channel, principal }: Decider): Refusal | undefined {
    if (!OPEN_CHANNELS.has(channel)) return undefined;
    if (principal !== undefined && this.#settings.approverPrincipals.includes(principal)) {
      return undefined;
    }
    return notAnApprover(principal);
  }
}

function sameBinding(record: ApprovalRecord, binding: Binding): boolean {
  return record.scopeType === binding.scopeType && record.scopeKey === binding.scopeKey &&
    ownedBy(record, binding);
}

function ownedBy(
  record: ApprovalRecord,
  owner: { readonly principal: string; readonly agent: string; readonly environment: string },
): boolean {
  return record.principal === owner.principal && record.agent === owner.agent &&
    record.environment === owner.environment;
}
