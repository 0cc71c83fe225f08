import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";

/** Looks up the addresses of a host name. */
export interface Resolver {
  /** IPv4 and IPv6 addresses as text; an IP literal resolves to itself. Empty: the name does not exist. */
  resolve(host: string): Promise<readonly string[]>;
}

/** One request on the wire; nothing is added but what HTTP itself demands. */
export interface WireRequest {
  readonly scheme: "https" | "http";
  readonly host: string;
  readonly port: number;
  /** The checked addresses to connect to, in order; no further resolution happens. */
  readonly addresses: readonly string[];
  readonly method: string;
  /** Path and query as they go on the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  /** Most bytes kept of the (decompressed) body. */
  readonly keepBytes: number;
  readonly signal: AbortSignal;
}

/** One response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly cut: boolean;
}

/**
 * Sends one HTTP request to one of the given addresses.
 *
 * Duties: connects to the addresses given and to no other; follows no redirect; verifies TLS against the host name;
 * stops decompression at the cap. Refusals: `upstream_error`, `exec_timeout`, `execution_error`.
 */
export interface HttpClient {
  send(request: WireRequest): Promise<Result<WireResponse, Refusal>>;
}
