import type { JsonObject } from "../encoding/mod.ts";
import type { IdentityFacts } from "./identity.ts";

/** What is risky about an action; rules may require flags, and the risk level follows from them. */
export type RiskFlag =
  | "risk.exec"
  | "risk.net"
  | "risk.write"
  | "risk.secrets"
  | "risk.large_io"
  | "risk.high_fanout";

/** `high` with exec, secrets or high fan-out; `medium` with net, write or large io; else `low`. */
export type RiskLevel = "low" | "medium" | "high";

/** The parts of typed params that rules and obligations judge; derived once, by the action type. */
export interface Facets {
  /** `process.exec`: the argument vector. */
  readonly argv?: readonly string[];
  /** `process.exec`: leases whose secret the child would get. */
  readonly leaseIds?: readonly string[];
  /** `net.http_request`: where the request goes. `host` carries no port; `port` is explicit or the scheme's. */
  readonly http?: {
    readonly scheme: "https" | "http";
    readonly host: string;
    readonly port: number;
    readonly method: string;
    readonly path: string;
  };
  /** Requested time limit in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * One normalized action as plain data: all that policy, external backends and recordings see.
 *
 * INVARIANT: the same facts, bundle, clock and case mode give the same decision on every system.
 */
export interface ActionFacts {
  readonly id: string;
  readonly traceId: string;
  readonly type: string;
  /** The normalized resource, `scheme://host/path`. */
  readonly resource: string;
  /** The params as parsed, frozen; the very object that is executed and hashed. */
  readonly params: JsonObject;
  readonly paramsHash: string;
  readonly facets: Facets;
  readonly riskFlags: readonly RiskFlag[];
  readonly riskLevel: RiskLevel;
  readonly identity: IdentityFacts;
  /** What the resource turned out to be when it was held (where symlinks led), for those who approve it. */
  readonly foundResources?: readonly string[];
}

/**
 * A further target of an action that policy must judge too (a file of a patch, what a symlink points to).
 *
 * - `required`: must be allowed in its own right;
 * - `covered`: a rule that matches it counts, but where no rule speaks the action's own ALLOW covers it;
 * - `deny_only`: only a DENY rule counts.
 */
export interface Claim {
  readonly type: string;
  readonly resource: string;
  readonly mode: "required" | "covered" | "deny_only";
}
