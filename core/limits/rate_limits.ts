import { type Digest, fail, ok, portableDigest, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import type { Clock } from "../ports/mod.ts";
import { BucketTable } from "./bucket_table.ts";
import { CompiledRateRule, type RateLimitRule, type RateSubject } from "./rate_rule.ts";
import { wholeMs } from "./token_bucket.ts";

/** The quotas of an installation. */
export interface RateLimitSettings {
  readonly enabled: boolean;
  readonly rules: readonly RateLimitRule[];
  /** Default 3,600. */
  readonly evictAfterSeconds?: number;
  /** Default 100,000. */
  readonly maxBuckets?: number;
}

/**
 * Quotas over normalized actions.
 *
 * Duties: all matching buckets are looked at first; then one token is taken from each of them, or from none.
 */
export interface RateLimits {
  /**
   * Counts one action.
   *
   * @returns the rules that counted it; or `RATE_LIMIT_EXCEEDED` with the time to wait and, as `metadata`, which
   *   bucket is empty
   */
  check(
    subject: RateSubject,
  ): RateLimitAnswer | Promise<RateLimitAnswer>;
}

/** The rules that counted an action, or why it may not go on. */
export type RateLimitAnswer = Result<readonly RateLimitRule[], Refusal>;

/** What quotas need of the world. */
export interface RateLimitPorts {
  readonly clock: Clock;
  /** Shortens long keys; the portable digest by default. */
  readonly digest?: Digest;
}

/** Longer keys are kept as their hash, so that a bucket's size does not depend on what callers send. */
const MAX_KEY = 256;

/**
 * Builds quotas whose buckets live in this process.
 *
 * @example
 * ```ts
 * const limits = createRateLimits({
 *   enabled: true,
 *   rules: [{ id: "refunds", scope: "global_tool", actionType: "payments.refund", burst: 1, refillPerMinute: 1 }],
 * }, { clock: { now: () => 0, monotonic: () => 0 } });
 * const refund = { principal: "p", actionType: "payments.refund", resource: "payment://shop/1" };
 * limits.check(refund).ok; // true
 * limits.check(refund).ok; // false
 * ```
 */
export function createRateLimits(
  settings: RateLimitSettings,
  ports: RateLimitPorts,
): MemoryRateLimits {
  return new MemoryRateLimits(settings, ports);
}

interface Match {
  readonly compiled: CompiledRateRule;
  readonly key: string;
}

const NOT_COUNTED = ok<readonly RateLimitRule[]>(Object.freeze([]));

/** Quotas in the memory of this process. */
export class MemoryRateLimits implements RateLimits {
  readonly #clock: Clock;
  readonly #digest: Digest;
  readonly #table: BucketTable;
  readonly #byType = new Map<string, readonly CompiledRateRule[]>();
  readonly #anyType: readonly CompiledRateRule[];

  constructor(settings: RateLimitSettings, ports: RateLimitPorts) {
    this.#clock = ports.clock;
    this.#digest = ports.digest ?? portableDigest;
    this.#table = new BucketTable({
      maxBuckets: settings.maxBuckets ?? 100_000,
      evictAfterSeconds: settings.evictAfterSeconds ?? 3_600,
    });
    const compiled = settings.enabled
      ? settings.rules.map((rule, number) => new CompiledRateRule(rule, number))
      : [];
    this.#anyType = compiled.filter((rule) => rule.actionType === undefined);
    for (const type of new Set(compiled.map((rule) => rule.actionType))) {
      if (type === undefined) continue;
      const own = compiled.filter((r) => r.actionType === undefined || r.actionType === type);
      this.#byType.set(type, own);
    }
  }

  /** Buckets held now. */
  get size(): number {
    return this.#table.size;
  }

  check(subject: RateSubject): RateLimitAnswer {
    const rules = this.#byType.get(subject.actionType) ?? this.#anyType;
    const matches: Match[] = [];
    for (const compiled of rules) {
      if (!compiled.covers(subject)) continue;
      matches.push({ compiled, key: this.#shortened(compiled.tableKey(subject)) });
    }
    const [first] = matches;
    return first === undefined ? NOT_COUNTED : this.#take(matches, first, subject);
  }

  #take(matches: readonly Match[], first: Match, subject: RateSubject): RateLimitAnswer {
    const now = wholeMs(this.#clock.monotonic());
    this.#table.tend(now);
    let empty: Match | undefined;
    let waitMs = 0;
    for (const match of matches) {
      const wait = this.#table.find(match.key)?.waitMsAt(now) ?? 0;
      if (wait > 0) empty ??= match;
      if (wait > waitMs) waitMs = wait;
    }
    if (empty !== undefined) return fail(exceeded(empty, subject, waitMs));
    const keys = matches.map((match) => match.key);
    if (!this.#table.makeRoom(keys, now)) return fail(noRoom(first, subject));
    for (const { key, compiled } of matches) {
      // Looked up again: making room may have dropped a full bucket that was there before.
      (this.#table.find(key) ?? this.#table.add(key, compiled.rule, now)).take(now);
    }
    return ok(matches.map((match) => match.compiled.rule));
  }

  #shortened(key: string): string {
    return key.length > MAX_KEY ? this.#digest.sha256Hex(key) : key;
  }
}

/** Time to wait when the table is full; any bucket may become idle meanwhile. */
const NO_ROOM_WAIT_MS = 1_000;

function exceeded(match: Match, subject: RateSubject, waitMs: number): Refusal {
  const { id } = match.compiled.rule;
  return refuse(
    "RATE_LIMIT_EXCEEDED",
    `Cannot perform "${subject.actionType}": the quota "${id}" is used up, expected a wait of ${waitMs} ms`,
    { retryAfterMs: waitMs, metadata: metadataOf(match, subject) },
  );
}

function noRoom(match: Match, subject: RateSubject): Refusal {
  return refuse(
    "RATE_LIMIT_EXCEEDED",
    `Cannot perform "${subject.actionType}": too many quotas are in use at once, expected fewer than max_buckets`,
    { retryAfterMs: NO_ROOM_WAIT_MS, metadata: metadataOf(match, subject) },
  );
}

function metadataOf(match: Match, subject: RateSubject): NonNullable<Refusal["metadata"]> {
  const { compiled } = match;
  const { rule } = compiled;
  return {
    rate_limit_rule_id: rule.id,
    rate_limit_scope: rule.scope,
    rate_limit_bucket_key: compiled.bucketKey(subject),
    rate_limit_remaining_tokens: 0,
    rate_limit_refill_per_minute: rule.refillPerMinute,
  };
}
