/**
 * What a request carries that may prove who sent it, as it came: nothing is trimmed, split or decoded. A door fills in
 * what its transport has; two headers of one name arrive as one value with a comma, which proves nothing.
 */
export interface Evidence {
  /** `Authorization`. */
  readonly authorization?: string | undefined;
  /** `X-Nomos-Service-Id`. */
  readonly serviceId?: string | undefined;
  /** `X-Nomos-Service-Signature`. */
  readonly serviceSignature?: string | undefined;
  /** `X-Nomos-Agent-Id`. */
  readonly agentId?: string | undefined;
  /** `X-Nomos-Agent-Signature`. */
  readonly agentSignature?: string | undefined;
  /** `X-Nomos-Timestamp`: Unix seconds. */
  readonly timestamp?: string | undefined;
  /** `X-Nomos-Nonce`. */
  readonly nonce?: string | undefined;
  /** DER of the client certificate that the TLS layer verified. */
  readonly clientCertificate?: Uint8Array | undefined;
  /** HTTP method; signed when the request has no body. */
  readonly method?: string | undefined;
  /** Path and query as sent; signed when the request has no body. */
  readonly target?: string | undefined;
}
