import type {
  Clock,
  Digest,
  HttpClient,
  Ids,
  ProcessRunner,
  Resolver,
  Workspace,
} from "../ports/mod.ts";
import type { Result } from "../encoding/mod.ts";
import type { Refusal, RuntimeOffer, Terms } from "../model/mod.ts";
import type { HeaderList } from "./http/headers.ts";
import type { Leases } from "../leases/mod.ts";
import type { Permit } from "./permit.ts";

/** Limits and choices of the operator that executors keep to. */
export interface ExecutorSettings {
  readonly maxOutputBytes: number;
  readonly maxOutputLines: number;
  /** Most bytes one write may hold. */
  readonly maxWriteBytes: number;
  readonly execTimeoutMs: number;
  readonly httpTimeoutMs: number;
  /** Names of parent variables that `env_allowlist_keys` may ask for. */
  readonly envAllowlist: readonly string[];
  /** CIDRs of private networks that requests may reach. */
  readonly allowPrivateNetworks: readonly string[];
  readonly upstreamRoutes: readonly UpstreamRoute[];
  /** Absent offline without a configuration: what depends on it is not judged. */
  readonly offer?: RuntimeOffer;
}

/** One configured upstream route. */
export interface UpstreamRoute {
  readonly scheme: "https" | "http";
  /** Host with port, as a normalized resource writes it. */
  readonly host: string;
  /** Upper case; empty: every method. */
  readonly methods: readonly string[];
  /** Path prefix, matched at a segment boundary. */
  readonly pathPrefix: string;
}

/** A further request that a permitted one leads to, as it would be sent. */
export interface Hop {
  /** As found; normalized by whoever authorizes it. */
  readonly resource: string;
  readonly scheme: "https" | "http";
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: string | undefined;
  readonly query: string;
  /** What binds the requests that led here. */
  readonly terms: Terms;
}

/** A hop that policy allows, in its normal form. */
export interface AuthorizedHop {
  readonly resource: string;
  /** What binds this request and the ones that led to it, the stricter of both. */
  readonly terms: Terms;
}

/** The world as executors may touch it during one action. */
export interface ActionPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: Digest;
  readonly settings: ExecutorSettings;
  readonly workspace: Workspace;
  readonly processes: ProcessRunner;
  readonly http: HttpClient;
  readonly resolver: Resolver;
  readonly leases: Leases;
  /** Asks policy about a redirect as a request of its own; a hop that is not allowed ends the request. */
  authorizeHop(permit: Permit, hop: Hop): Result<AuthorizedHop, Refusal>;
  /** Aborted when the caller went away or Nomos shuts down. */
  readonly signal: AbortSignal;
}
