import type { Arrival } from "../engine/mod.ts";
import type { Evidence } from "../identity/mod.ts";

/** What the listener knows of a connection besides the request. */
export interface Connection {
  /** DER of the verified client certificate. */
  readonly clientCertificate?: Uint8Array;
  /** Aborted when the client went away before it was answered. */
  readonly gone: AbortSignal;
}

/** Path and query of a request as they were sent: nothing is decoded or resolved. */
export function targetOf(request: Request): string {
  const { url } = request;
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? "/" : url.slice(start);
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
  const evidence = evidenceOf(request, connection);
  const { gone } = connection;
  return traceparent === undefined
    ? { bytes, evidence, transport: "http", signal: gone }
    : { bytes, evidence, transport: "http", signal: gone, traceparent };
}

function evidenceOf(request: Request, connection: Connection): Evidence {
  const { headers } = request;
  const evidence: { -readonly [K in keyof Evidence]: Evidence[K] } = {
    method: request.method,
    target: targetOf(request),
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

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The request's W3C trace context, if it is a valid one. */
export function traceparentOf(request: Request): string | undefined {
  const value = request.headers.get("traceparent");
  return value !== null && TRACEPARENT.test(value) ? value : undefined;
}

const MAX_TRACESTATE = 512;
const TRACESTATE_MEMBER =
  /^[ \t]*[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;

/** The headers of an answer that carry the caller's trace context back; none without a valid one. */
export function traceHeaders(request: Request): Record<string, string> {
  const traceparent = traceparentOf(request);
  if (traceparent === undefined) return {};
  const tracestate = request.headers.get("tracestate");
  const members = tracestate?.split(",") ?? [];
  const valid = tracestate !== null && tracestate.length <= MAX_TRACESTATE &&
    members.length <= 32 && members.every((member) => TRACESTATE_MEMBER.test(member));
  return valid ? { traceparent, tracestate } : { traceparent };
}

const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?:0|[1-9][0-9]{0,4}))?$/;

/**
 * Whether the `Host` header is one host and perhaps a port. Listeners build the URL of a request from it, so anything
 * else could make another path of the one that was sent.
 */
export function hasPlainHost(request: Request): boolean {
  const host = request.headers.get("host");
  return host === null || HOST.test(host);
}
