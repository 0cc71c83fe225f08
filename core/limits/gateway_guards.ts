import { fail, ok, type Result } from "../encoding/mod.ts";
import { type IdentityFacts, type Refusal, refuse } from "../model/mod.ts";
import type { Clock } from "../ports/mod.ts";
import { Breaker, type BreakerPass } from "./breaker.ts";
import { BucketTable } from "./bucket_table.ts";
import { Semaphore } from "./semaphore.ts";
import { SEARCH_STEPS, Sweep } from "./sweep.ts";
import { type BucketRate, wholeMs } from "./token_bucket.ts";

/** The limits of the gateway as a whole, in the names of its configuration. */
export interface GatewayGuardSettings {
  /** Actions at once. */
  readonly concurrencyLimit: number;
  /** Requests of one identity per minute. */
  readonly rateLimitPerMinute: number;
  /** Execution failures in a row that shut an identity out. */
  readonly circuitBreakerFailures: number;
  readonly circuitBreakerCooldownSeconds: number;
  /** Identities remembered at once; default 100,000. */
  readonly maxIdentities?: number;
}

/** How a guarded request ended: only what was executed says something about its identity. */
export type GuardedEnd = "executed" | "execution_failed" | "not_executed";

/** A request that was let in. Whoever got it calls `leave`, whatever happens. */
export interface GuardPass {
  /** Gives the slot back; only the first call counts. */
  leave(end: GuardedEnd): void;
}

const NO_SLOT_WAIT_MS = 1_000;

/**
 * Guards the gateway before anything is parsed: slots for simultaneous actions, requests per minute and a circuit
 * breaker for each principal, agent and environment.
 *
 * INVARIANT: nothing waits in here, and memory is bounded; who finds no room is refused.
 */
export class GatewayGuards {
  readonly #clock: Clock;
  readonly #settings: GatewayGuardSettings;
  readonly #rate: BucketRate;
  readonly #slots: Semaphore;
  readonly #buckets: BucketTable;
  /** Breakers of identities whose last execution failed; all others need none. */
  readonly #breakers = new Map<string, Breaker>();
  readonly #sweep = new Sweep(this.#breakers);
  readonly #maxIdentities: number;

  constructor(settings: GatewayGuardSettings, clock: Clock) {
    this.#clock = clock;
    this.#settings = settings;
    this.#maxIdentities = settings.maxIdentities ?? 100_000;
    this.#rate = {
      burst: settings.rateLimitPerMinute,
      refillPerMinute: settings.rateLimitPerMinute,
    };
    this.#slots = new Semaphore(settings.concurrencyLimit);
    this.#buckets = new BucketTable({ maxBuckets: this.#maxIdentities, evictAfterSeconds: 60 });
  }

  /** Requests inside now. */
  get inflight(): number {
    return this.#slots.taken;
  }

  /**
   * Lets one request in.
   *
   * @returns what to end it with; or `rate_limited` or `circuit_open`, with the time to wait
   */
  enter(identity: IdentityFacts): Result<GuardPass, Refusal> {
    const release = this.#slots.tryTake();
    if (release === undefined) return fail(busy(this.#settings.concurrencyLimit));
    const key = keyOf(identity);
    const waitMs = this.#countRequest(key);
    if (waitMs > 0) {
      release();
      return fail(tooMany(this.#settings.rateLimitPerMinute, waitMs));
    }
    const pass = this.#breakers.get(key)?.admit();
    if (pass?.ok === false) {
      release();
      return fail(shutOut(pass.reason.retryAfterMs));
    }
    let inside = true;
    return ok({
      leave: (end) => {
        if (!inside) return;
        inside = false;
        release();
        this.#settle(key, pass?.value, end);
      },
    });
  }

  /** Milliseconds to wait, or 0 when the request was counted. */
  #countRequest(key: string): number {
    const now = wholeMs(this.#clock.monotonic());
    this.#buckets.tend(now);
    if (!this.#buckets.makeRoom([key], now)) return NO_SLOT_WAIT_MS;
    const bucket = this.#buckets.find(key) ?? this.#buckets.add(key, this.#rate, now);
    return bucket.take(now) ? 0 : bucket.waitMsAt(now);
  }

  #settle(key: string, admitted: BreakerPass | undefined, end: GuardedEnd): void {
    if (end === "not_executed") return admitted?.cancel();
    const failed = end === "execution_failed";
    const breaker = this.#breakers.get(key) ?? (failed ? this.#newBreaker(key) : undefined);
    if (breaker === undefined) return;
    const pass = admitted ?? lateTo(breaker);
    if (failed) return pass?.fail("execution");
    pass?.succeed();
    if (breaker.spotless) this.#breakers.delete(key);
  }

  /** Nothing when all the room is taken by identities that are shut out; the failure is then not counted. */
  #newBreaker(key: string): Breaker | undefined {
    if (this.#breakers.size >= this.#maxIdentities) {
      this.#sweep.run(SEARCH_STEPS, (breaker) => breaker.state === "closed");
    }
    if (this.#breakers.size >= this.#maxIdentities) return undefined;
    const breaker = new Breaker({
      failureThreshold: this.#settings.circuitBreakerFailures,
      openTimeoutMs: this.#settings.circuitBreakerCooldownSeconds * 1000,
      successForgives: true,
    }, this.#clock);
    this.#breakers.set(key, breaker);
    return breaker;
  }
}

/** A pass for a request that went in before its identity had a breaker; none once that has opened. */
function lateTo(breaker: Breaker): BreakerPass | undefined {
  const pass = breaker.state === "closed" ? breaker.admit() : undefined;
  return pass?.ok ? pass.value : undefined;
}

/** Lengths keep apart what the names themselves might not. */
function keyOf({ principal, agent, environment }: IdentityFacts): string {
  return `${principal.length}|${agent.length}|${principal}${agent}${environment}`;
}

function busy(limit: number): Refusal {
  return refuse(
    "rate_limited",
    `Cannot take the request: all ${limit} slots are in use, expected a try again later`,
    { retryAfterMs: NO_SLOT_WAIT_MS },
  );
}

function tooMany(limit: number, waitMs: number): Refusal {
  return refuse(
    "rate_limited",
    `Cannot take the request: over ${limit} requests per minute, expected a wait of ${waitMs} ms`,
    { retryAfterMs: waitMs },
  );
}

function shutOut(waitMs: number): Refusal {
  return refuse(
    "circuit_open",
    `Cannot take the request: too many executions failed in a row, expected a wait of ${waitMs} ms`,
    { retryAfterMs: waitMs },
  );
}
