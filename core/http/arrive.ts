import type { Arrival } from "../engine/mod.ts";
import type { Evidence } from "../identity/mod.ts";

/** What the listener knows of a connection besides the request. */
export interface Connection {
  /** DER of the verified client certificate. */
  readonly clientCertificate?: Uint8Array;
  /** Aborted when the client went away before its answer was complete. */
  readonly gone: AbortSignal;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The request's trace context, if it is a valid one. */
export function traceparentOf(request: Request): string | undefined {
  const value = request.headers.get("traceparent");
  return value !== null && TRACEPARENT.test(value) ? value : undefined;
}

/**
 * Makes an arrival of an HTTP request whose body was read. Only the headers named here are ever evidence; what proxies
 * write (`X-Forwarded-*`, `Forwarded`) is not.
 */
export function arrivalOf(
  request: Request,
  bytes: Uint8Array,
  connection: Connection,
): Arrival {
  const traceparent = traceparentOf(request);
  return {
    bytes,
    evidence: evidenceOf(request, connection),
    transport: "http",
    signal: connection.gone,
    ...(traceparent ? { traceparent } : {}),
  };
}

function evidenceOf(request: Request, connection: Connection): Evidence {
  const { headers } = request;
  const url = request.url;
  const path = url.slice(url.indexOf("/", url.indexOf("://") + 3));
  const evidence: { -readonly [K in keyof Evidence]: Evidence[K] } = {
    method: request.method,
    target: path,
  };
  for (const [name, header] of EVIDENCE_HEADERS) {
    const value = headers.get(header);
    if (value !== null) evidence[name] = value;
  }
  if (connection.clientCertificate) evidence.clientCertificate = connection.clientCertificate;
  return evidence;
}

const EVIDENCE_HEADERS = [
  ["authorization", "authorization"],
  ["serviceId", "x-nomos-service-id"],
  ["serviceSignature", "x-nomos-service-signature"],
  ["agentId", "x-nomos-agent-id"],
  ["agentSignature", "x-nomos-agent-signature"],
  ["timestamp", "x-nomos-timestamp"],
  ["nonce", "x-nomos-nonce"],
] as const;
