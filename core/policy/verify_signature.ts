import { fail, ok, type Result } from "../encoding/mod.ts";
import { readDer, TAG, writeDer } from "./der.ts";
import { type KeyKind, type KeyMaterial, readPrivateKey, readPublicKey } from "./key_kind.ts";
import { decodeBase64, encodeBase64, formatPem } from "./pem.ts";

/** A detached signature, and the key to check it with. */
export interface SignatureCheck {
  /** Base64; line breaks do not matter. */
  readonly signature: string;
  /** PEM; its own content tells RSA (PKCS#1 v1.5, SHA-256), ECDSA P-256 and Ed25519 apart. */
  readonly publicKey: string;
}

/**
 * Checks a detached signature over a file's bytes, before anything in the file is believed.
 *
 * @returns nothing, or why the file cannot be trusted (a phrase for a message)
 *
 * @example
 * ```ts
 * const keys = await generateKey("ed25519");
 * const bytes = new TextEncoder().encode("version: v1");
 * const signed = await signBytes(bytes, keys.privateKey);
 * if (signed.ok) {
 *   (await verifySignature(bytes, { signature: signed.value, publicKey: keys.publicKey })).ok; // true
 * }
 * ```
 */
export async function verifySignature(
  bytes: Uint8Array,
  check: SignatureCheck,
): Promise<Result<void, string>> {
  const signature = decodeBase64(check.signature);
  if (signature === undefined || signature.length === 0) {
    return fail("the signature is not base64, expected what nomos policy sign writes");
  }
  const material = readPublicKey(check.publicKey);
  if (!material.ok) return fail(`the public key cannot be used: ${material.reason}`);
  const key = await importKey(material.value, "verify");
  if (key === undefined) return fail("the public key cannot be used: it is malformed");
  const data = Uint8Array.from(bytes);
  for (const form of signatureForms(material.value.kind, signature)) {
    if (await crypto.subtle.verify(OPERATION[material.value.kind], key, form, data)) {
      return ok(undefined);
    }
  }
  return fail(
    "the signature does not fit the file and the public key; the file was changed, or signed with another key",
  );
}

/**
 * Signs a file's bytes.
 *
 * @param privateKey PEM, PKCS#8; its kind decides the algorithm
 * @returns the detached signature in base64 (ECDSA as DER, like OpenSSL), or why the key cannot be used
 */
export async function signBytes(
  bytes: Uint8Array,
  privateKey: string,
): Promise<Result<string, string>> {
  const material = readPrivateKey(privateKey);
  if (!material.ok) return fail(`the private key cannot be used: ${material.reason}`);
  const { kind } = material.value;
  const key = await importKey(material.value, "sign");
  if (key === undefined) return fail("the private key cannot be used: it is malformed");
  const signature = new Uint8Array(
    await crypto.subtle.sign(OPERATION[kind], key, Uint8Array.from(bytes)),
  );
  return ok(encodeBase64(kind === "ecdsa-p256" ? derFromRaw(signature) : signature));
}

/** A fresh pair of keys, as PEM. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Makes a pair of keys for signing bundles. */
export async function generateKey(kind: KeyKind): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey(GENERATION[kind], true, ["sign", "verify"]);
  if (!("publicKey" in pair)) {
    throw new TypeError("Cannot generate keys: one key came instead of a pair");
  }
  const publicKey = await crypto.subtle.exportKey("spki", pair.publicKey);
  const privateKey = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  return {
    publicKey: formatPem("PUBLIC KEY", new Uint8Array(publicKey)),
    privateKey: formatPem("PRIVATE KEY", new Uint8Array(privateKey)),
  };
}

const IMPORT: Readonly<Record<KeyKind, RsaHashedImportParams | EcKeyImportParams | Algorithm>> = {
  "rsa": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "ecdsa-p256": { name: "ECDSA", namedCurve: "P-256" },
  "ed25519": { name: "Ed25519" },
};

const OPERATION: Readonly<Record<KeyKind, Algorithm | EcdsaParams>> = {
  "rsa": { name: "RSASSA-PKCS1-v1_5" },
  "ecdsa-p256": { name: "ECDSA", hash: "SHA-256" },
  "ed25519": { name: "Ed25519" },
};

const GENERATION: Readonly<Record<KeyKind, RsaHashedKeyGenParams | EcKeyGenParams | Algorithm>> = {
  "rsa": {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 3072,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
  "ecdsa-p256": { name: "ECDSA", namedCurve: "P-256" },
  "ed25519": { name: "Ed25519" },
};

async function importKey(
  { kind, format, bytes }: KeyMaterial,
  use: "sign" | "verify",
): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey(format, bytes, IMPORT[kind], false, [use]);
  } catch {
    // Whatever is wrong inside the key, the answer is the same, and its content belongs into no message.
    return undefined;
  }
}

/** Bytes of one half of a raw P-256 signature. */
const HALF = 32;

/** What a signature may be as WebCrypto reads it: ECDSA comes as DER from OpenSSL and raw from WebCrypto. */
function signatureForms(
  kind: KeyKind,
  signature: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer>[] {
  if (kind !== "ecdsa-p256") return [signature];
  const fromDer = rawFromDer(signature);
  return [
    ...(fromDer === undefined ? [] : [fromDer]),
    ...(signature.length === 2 * HALF ? [signature] : []),
  ];
}

function rawFromDer(signature: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const [outer, ...rest] = readDer(signature) ?? [];
  if (outer?.tag !== TAG.sequence || rest.length > 0) return undefined;
  const halves = readDer(outer.content) ?? [];
  if (halves.length !== 2) return undefined;
  const raw = new Uint8Array(2 * HALF);
  for (const [i, { tag, content }] of halves.entries()) {
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if (tag !== TAG.integer || digits.length > HALF) return undefined;
    raw.set(digits, (i + 1) * HALF - digits.length);
  }
  return raw;
}

function derFromRaw(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const halves = [raw.subarray(0, HALF), raw.subarray(HALF)].map((half) => {
    let start = 0;
    while (start < HALF - 1 && half[start] === 0) start++;
    const digits = half.subarray(start);
    // A leading one bit would make the integer negative.
    return writeDer(
      TAG.integer,
      (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : Uint8Array.of(),
      digits,
    );
  });
  return writeDer(TAG.sequence, ...halves);
}
