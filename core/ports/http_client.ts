import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";

/** Looks up the addresses of a host name. */
export interface Resolver {
  /** IPv4 and IPv6 addresses as text; an IP literal resolves to itself. Empty: the name does not exist. */
  resolve(host: string): Promise<readonly string[]>;
}

/** One request on the wire; nothing is added but what HTTP itself demands. */
export interface WireRequest {
  /** Plain HTTP or TLS. */
  readonly scheme: "https" | "http";
  /** Host name without port; IPv6 in brackets. */
  readonly host: string;
  /** Port to connect to. */
  readonly port: number;
  /** The checked addresses to connect to, in order; no further resolution happens. */
  readonly addresses: readonly string[];
  /** Upper case. */
  readonly method: string;
  /** Path and query as they go on the wire. */
  readonly target: string;
  /** Names and values, in order. */
  readonly headers: readonly (readonly [string, string])[];
  /** Bytes to send. */
  readonly body?: Uint8Array;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** Most bytes kept of the (decompressed) body. */
  readonly keepBytes: number;
  /** Ends the exchange early. */
  readonly signal: AbortSignal;
}

/** One response. */
export interface WireResponse {
  /** Status code. */
  readonly status: number;
  /** Names and values, in order. */
  readonly headers: readonly (readonly [string, string])[];
  /** Bytes to send. */
  readonly body: Uint8Array;
  /** Whether the body goes on behind what was kept. */
  readonly cut: boolean;
}

/**
 * Sends one HTTP request to one of the given addresses.
 *
 * Duties: connects to the addresses given and to no other; follows no redirect; verifies TLS against the host name;
 * stops decompression at the cap. Refusals: `upstream_error`, `exec_timeout`, `execution_error`.
 */
export interface HttpClient {
  /** Sends the request and reads the answer up to the cap. */
  send(request: WireRequest): Promise<Result<WireResponse, Refusal>>;
}
