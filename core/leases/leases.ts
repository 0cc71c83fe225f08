import { echo, fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import type { Clock, Ids } from "../ports/mod.ts";

/** One secret that may be lent to processes. */
export interface LeasableSecret {
  readonly id: string;
  /** Name of the variable that a process finds it under. */
  readonly envKey: string;
  readonly value: string;
  /** How long a lease lasts. */
  readonly ttlSeconds: number;
}

/** Who holds a lease: it works for exactly this identity, under this trace. */
export interface LeaseHolder {
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  readonly traceId: string;
}

/** What leases need of the world. */
export interface LeasePorts {
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Secrets made ready for one process. */
export interface Materialized {
  /** Variables of the process, without a prototype. */
  readonly env: Readonly<Record<string, string>>;
  /** The values, to be redacted from whatever comes back. */
  readonly secrets: readonly string[];
}

interface Lease {
  readonly secret: LeasableSecret;
  readonly holder: LeaseHolder;
  /** Monotonic milliseconds: setting the clock does not lengthen a lease. */
  readonly endsAt: number;
}

const MAX_LEASES = 10_000;
const SWEEP_MS = 30_000;

/**
 * Lends secrets. Who checks one out gets an id and never the secret; a process that is run with the id gets the secret
 * in its environment.
 *
 * INVARIANT: at most {@link MAX_LEASES} at once; a lease that runs is never dropped for another.
 */
export class Leases {
  readonly #secrets: ReadonlyMap<string, LeasableSecret>;
  readonly #ports: LeasePorts;
  readonly #max: number;
  readonly #leases = new Map<string, Lease>();
  #nextSweep = -Infinity;

  /** @param max most leases at once */
  constructor(secrets: readonly LeasableSecret[], ports: LeasePorts, max: number = MAX_LEASES) {
    this.#secrets = new Map(secrets.map((secret) => [secret.id, secret]));
    this.#ports = ports;
    this.#max = max;
  }

  /** Leases that run, and some that have just run out. */
  get size(): number {
    return this.#leases.size;
  }

  /**
   * Lends a secret.
   *
   * @returns the lease's id, `lease_` and 24 hex digits; or `credentials_unavailable`
   */
  checkout(secretId: string, holder: LeaseHolder): Result<string, Refusal> {
    const secret = this.#secrets.get(secretId);
    if (secret === undefined) {
      return fail(unavailable(
        `Cannot lend secret "${echo(secretId)}": none is configured under this id`,
      ));
    }
    const now = this.#ports.clock.monotonic();
    if (now >= this.#nextSweep || this.#leases.size >= this.#max) this.sweep();
    if (this.#leases.size >= this.#max) {
      return fail(unavailable(
        `Cannot lend secret "${echo(secretId)}": ${this.#max} leases run, expected fewer`,
      ));
    }
    const id = `lease_${this.#ports.ids.hex(12)}`;
    const { principal, agent, environment, traceId } = holder;
    this.#leases.set(id, {
      secret,
      holder: { principal, agent, environment, traceId },
      endsAt: now + secret.ttlSeconds * 1000,
    });
    return ok(id);
  }

  /**
   * Gives the secrets behind leases, for the environment of one process.
   *
   * @returns `credentials_unavailable` when any lease is unknown, has run out or is somebody else's, which all look the
   *   same, or when two of them are different secrets of one name
   */
  materialize(leaseIds: readonly string[], holder: LeaseHolder): Result<Materialized, Refusal> {
    const now = this.#ports.clock.monotonic();
    // No prototype: the name of a variable may be any word. The type of Object.create says nothing.
    const env = Object.create(null) as Record<string, string>;
    const secrets = new Set<string>();
    for (const id of leaseIds) {
      const lease = this.#leases.get(id);
      if (lease === undefined || now >= lease.endsAt || !isHeldBy(lease, holder)) {
        return fail(unavailable(
          `Cannot use lease "${
            echo(id)
          }": expected one that was checked out under this trace and has not run out`,
        ));
      }
      const { envKey, value } = lease.secret;
      if (Object.hasOwn(env, envKey) && env[envKey] !== value) {
        return fail(unavailable(
          `Cannot use lease "${echo(id)}": another one sets "${echo(envKey)}" too`,
        ));
      }
      env[envKey] = value;
      secrets.add(value);
    }
    return ok({ env, secrets: [...secrets] });
  }

  /** Drops the leases that have run out. */
  sweep(): void {
    const now = this.#ports.clock.monotonic();
    this.#nextSweep = now + SWEEP_MS;
    for (const [id, lease] of this.#leases) if (now >= lease.endsAt) this.#leases.delete(id);
  }
}

/**
 * Builds the leases of an installation.
 *
 * @example
 * ```ts
 * const leases = createLeases(
 *   [{ id: "deploy", envKey: "DEPLOY_TOKEN", value: "t0ken", ttlSeconds: 60 }],
 *   { clock: { now: () => 0, monotonic: () => 0 }, ids: { hex: (n) => "a".repeat(2 * n) } },
 * );
 * const holder = { principal: "p", agent: "a", environment: "dev", traceId: "t" };
 * const lease = leases.checkout("deploy", holder);
 * if (lease.ok) leases.materialize([lease.value], holder); // env: { DEPLOY_TOKEN: "t0ken" }
 * ```
 */
export function createLeases(secrets: readonly LeasableSecret[], ports: LeasePorts): Leases {
  return new Leases(secrets, ports);
}

function isHeldBy({ holder }: Lease, other: LeaseHolder): boolean {
  return holder.principal === other.principal && holder.agent === other.agent &&
    holder.environment === other.environment && holder.traceId === other.traceId;
}

function unavailable(message: string): Refusal {
  return refuse("credentials_unavailable", message);
}
