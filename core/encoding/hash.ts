import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Canonicalizable, canonicalJson } from "./canonical_json.ts";
import { encodeUtf8 } from "./utf8.ts";

/** SHA-256 and HMAC-SHA-256 as lower-case hex. Text is hashed as UTF-8. */
export interface Digest {
  /** SHA-256 as lower-case hex; text is hashed as UTF-8. */
  sha256Hex(data: string | Uint8Array): string;
  /** HMAC-SHA256 as lower-case hex; text is taken as UTF-8. */
  hmacSha256Hex(key: string | Uint8Array, data: string | Uint8Array): string;
}

/** A digest in plain TypeScript: runs anywhere, needs nothing, answers at once. */
export const portableDigest: Digest = {
  sha256Hex: (data) => toHex(sha256(toBytes(data))),
  hmacSha256Hex: (key, data) => toHex(hmac(sha256, toBytes(key), toBytes(data))),
};

/**
 * Hashes the parameters of an action: SHA-256 over their canonical JSON.
 *
 * @param digest who computes it; {@link portableDigest} by default
 *
 * @example
 * ```ts
 * paramsHash({ b: 1, a: "x", c: [true, 2] }).slice(0, 8); // "04ceb95b"
 * ```
 */
export function paramsHash(params: Canonicalizable, digest: Digest = portableDigest): string {
  return digest.sha256Hex(canonicalJson(params));
}

/**
 * Compares a secret with what somebody sent, in a time that tells nothing about where they differ. The
 * time depends on the length of `given` only.
 *
 * @param given what was sent
 * @param expected the secret
 */
export function constantTimeEqual(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < given.length; i++) {
    // Past the end of `expected` there is NaN, which counts as 0 here; the lengths differ then anyway.
    difference |= given.charCodeAt(i) ^ expected.charCodeAt(i);
  }
  return difference === 0;
}

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Writes bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX_OF_BYTE[byte];
  return hex;
}

/** Reads hex of either case; `undefined` when the text is not hex or has half a byte. */
export function fromHex(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => {
    return parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  });
}

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? encodeUtf8(data) : data;
}
