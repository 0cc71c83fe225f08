import { fail, ok, type Result } from "../encoding/mod.ts";
import { type DerElement, oidHex, readDer, TAG, writeDer } from "./der.ts";
import { parsePem, type PemBlock } from "./pem.ts";

/** The kinds of keys that sign bundles. */
export type KeyKind = "rsa" | "ecdsa-p256" | "ed25519";

/** A key as WebCrypto imports it, and what it is. */
export interface KeyMaterial {
  readonly kind: KeyKind;
  readonly format: "spki" | "pkcs8";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const RSA = "2a864886f70d010101";
const EC = "2a8648ce3d0201";
const P256 = "2a8648ce3d030107";
const ED25519 = "2b6570";

const WANTED = "expected RSA, ECDSA P-256 or Ed25519";

/**
 * Reads a public key and tells its kind by what the key itself says, not by what somebody claims.
 *
 * @param pem `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1)
 * @returns the key, or what is wrong; a file that holds a private key is refused, since it should not lie here
 */
export function readPublicKey(pem: string): Result<KeyMaterial, string> {
  const block = parsePem(pem);
  if (!block.ok) return block;
  const { label, bytes } = block.value;
  if (label.endsWith("PRIVATE KEY")) return fail("it holds a private key, expected a public key");
  if (label === "RSA PUBLIC KEY") return ok({ kind: "rsa", format: "spki", bytes: rsaSpki(bytes) });
  if (label !== "PUBLIC KEY") return fail(`it holds a ${label}, expected a PUBLIC KEY`);
  const [algorithm] = contentOf(readDer(bytes)) ?? [];
  return ofKind(algorithm, { format: "spki", bytes });
}

/**
 * Reads a private key.
 *
 * @param pem `PRIVATE KEY` (PKCS#8, not encrypted)
 */
export function readPrivateKey(pem: string): Result<KeyMaterial, string> {
  const block = parsePem(pem);
  if (!block.ok) return block;
  return privateKeyOf(block.value);
}

function privateKeyOf({ label, bytes }: PemBlock): Result<KeyMaterial, string> {
  if (label !== "PRIVATE KEY") {
    return fail(`it holds a ${label}, expected a PRIVATE KEY (PKCS#8, not encrypted)`);
  }
  const [, algorithm] = contentOf(readDer(bytes)) ?? [];
  return ofKind(algorithm, { format: "pkcs8", bytes });
}

function ofKind(
  algorithm: DerElement | undefined,
  key: Omit<KeyMaterial, "kind">,
): Result<KeyMaterial, string> {
  const [name, parameters] = algorithm?.tag === TAG.sequence
    ? readDer(algorithm.content) ?? []
    : [];
  switch (oidHex(name)) {
    case RSA:
      return ok({ kind: "rsa", ...key });
    case ED25519:
      return ok({ kind: "ed25519", ...key });
    case EC:
      return oidHex(parameters) === P256
        ? ok({ kind: "ecdsa-p256", ...key })
        : fail(`its curve is not P-256, ${WANTED}`);
    default:
      return fail(`it is not a key of a known kind, ${WANTED}`);
  }
}

function contentOf(elements: DerElement[] | undefined): DerElement[] | undefined {
  const [outer, ...rest] = elements ?? [];
  return outer?.tag === TAG.sequence && rest.length === 0 ? readDer(outer.content) : undefined;
}

/** Wraps a bare PKCS#1 key into the form WebCrypto reads. */
function rsaSpki(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  const oid = Uint8Array.from(RSA.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const algorithm = writeDer(TAG.sequence, writeDer(TAG.oid, oid), writeDer(TAG.null));
  return writeDer(TAG.sequence, algorithm, writeDer(BIT_STRING, Uint8Array.of(0), pkcs1));
}

const BIT_STRING = 0x03;
