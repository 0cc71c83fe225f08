import { constantTimeEqual, type Digest } from "../encoding/mod.ts";

/**
 * A header value that may name somebody. A comma is what two headers of one name are joined with, so a value that
 * holds one names nobody.
 */
export function isName(value: string | undefined): value is string {
  return value !== undefined && /^[\x20-\x2b\x2d-\x7e]{1,256}$/.test(value);
}

/**
 * Verifies HMAC-SHA-256 signatures of named parties.
 *
 * An unknown name costs the same work as a known one, and the comparison tells nothing about where it failed.
 */
export class SignatureVerifier {
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #digest: Digest;

  /** @param secrets name → secret; empty names and secrets are nobody's */
  constructor(secrets: Readonly<Record<string, string>>, digest: Digest) {
    this.#secrets = new Map(
      Object.entries(secrets).filter(([name, secret]) => name !== "" && secret !== ""),
    );
    this.#digest = digest;
  }

  /**
   * Whether the signature is that of the named party over the bytes.
   *
   * @param signature 64 lower-case hex digits
   */
  verify(name: string, signature: string, bytes: Uint8Array): boolean {
    const secret = this.#secrets.get(name);
    const expected = this.#digest.hmacSha256Hex(secret ?? UNKNOWN, bytes);
    const equal = constantTimeEqual(signature, expected);
    return equal && secret !== undefined;
  }
}

/** Stands in for the secret of somebody unknown; a signature made with it proves nothing. */
const UNKNOWN = "no secret of anybody";
