import type {
  Clock,
  Digest,
  HttpClient,
  Ids,
  ProcessRunner,
  Resolver,
  Workspace,
} from "../ports/mod.ts";
import type { RuntimeOffer } from "../model/mod.ts";

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
  readonly offer: RuntimeOffer;
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
  /** Aborted when the caller went away or Nomos shuts down. */
  readonly signal: AbortSignal;
}
