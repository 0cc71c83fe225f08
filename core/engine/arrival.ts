import type { Evidence } from "../identity/mod.ts";

/** What came through a door: bytes nobody has read yet, and what may prove who sent them. */
export interface Arrival {
  /** The exact bytes that were signed. */
  readonly bytes: Uint8Array;
  readonly evidence: Evidence;
  readonly transport: "http" | "mcp_stdio" | "mcp_http";
  /** A valid W3C trace context, carried to telemetry. */
  readonly traceparent?: string;
  /** Aborted when the caller went away. */
  readonly signal: AbortSignal;
}
