import { type Digest, encodeUtf8, fail, fromHex, ok, type Result, toHex } from "../encoding/mod.ts";
import type { ChainHead } from "./chain.ts";

/** Signs checkpoints with an Ed25519 key. */
export interface CheckpointSigner {
  /** First 16 hex digits of the SHA-256 of the raw public key: tells keys apart, nothing more. */
  readonly keyId: string;
  sign(head: ChainHead): Promise<string>;
}

/** Checks the signatures of checkpoints. */
export interface CheckpointVerifier {
  readonly keyId: string;
  verify(head: ChainHead, signature: string): Promise<boolean>;
}

/**
 * Reads a private key.
 *
 * @param pem PKCS#8 PEM (`-----BEGIN PRIVATE KEY-----`) of an Ed25519 key
 * @returns the signer, or what is wrong with the key; never a part of it
 */
export async function readSigner(
  pem: string,
  digest: Digest,
): Promise<Result<CheckpointSigner, string>> {
  const der = pemBody(pem, "PRIVATE KEY");
  if (der === undefined) return fail("not a PEM private key, expected PKCS#8");
  try {
    const key = await crypto.subtle.importKey("pkcs8", der, ED25519, true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", key);
    const keyId = keyIdOf(base64Bytes((x ?? "").replaceAll("-", "+").replaceAll("_", "/")), digest);
    return ok({
      keyId,
      sign: async (head) =>
        toHex(new Uint8Array(await crypto.subtle.sign(ED25519, key, signedBytes(head)))),
    });
  } catch {
    return fail("not an Ed25519 private key, expected one as PKCS#8 PEM");
  }
}

/**
 * Reads a public key.
 *
 * @param pem SPKI PEM (`-----BEGIN PUBLIC KEY-----`) of an Ed25519 key
 */
export async function readVerifier(
  pem: string,
  digest: Digest,
): Promise<Result<CheckpointVerifier, string>> {
  const der = pemBody(pem, "PUBLIC KEY");
  if (der === undefined) return fail("not a PEM public key, expected SPKI");
  try {
    const key = await crypto.subtle.importKey("spki", der, ED25519, true, ["verify"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", key));
    return ok({
      keyId: keyIdOf(raw, digest),
      verify: async (head, signature) => {
        const bytes = fromHex(signature);
        return bytes !== undefined &&
          await crypto.subtle.verify(ED25519, key, Uint8Array.from(bytes), signedBytes(head));
      },
    });
  } catch {
    return fail("not an Ed25519 public key, expected one as SPKI PEM");
  }
}

const ED25519 = "Ed25519";

// The first line keeps a signature from meaning anything in another place.
function signedBytes(head: ChainHead): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`nomos audit checkpoint v1\n${head.chainId}\n${head.seq}\n${head.hash}\n`);
}

function keyIdOf(raw: Uint8Array, digest: Digest): string {
  return digest.sha256Hex(raw).slice(0, 16);
}

function pemBody(pem: string, label: string): Uint8Array<ArrayBuffer> | undefined {
  const begin = `-----BEGIN ${label}-----`;
  const start = pem.indexOf(begin);
  const end = pem.indexOf(`-----END ${label}-----`, start);
  if (start === -1 || end === -1) return undefined;
  try {
    return base64Bytes(pem.slice(start + begin.length, end));
  } catch {
    return undefined;
  }
}

function base64Bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/\s/g, "")), (char) => char.charCodeAt(0));
}
