import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../../../../core/encoding/mod.ts";
import {
  generateKey,
  type KeyKind,
  type KeyPair,
  signBytes,
  verifySignature,
} from "../../../../core/policy/mod.ts";

const BYTES = encodeUtf8("version: v1\n");
const KINDS: readonly KeyKind[] = ["rsa", "ecdsa-p256", "ed25519"];

const made = new Map<string, ReturnType<typeof makeForeign>>();

/** Keys and a signature made by an independent implementation; making RSA keys is slow, so that they are kept. */
function foreign(kind: KeyKind, which = "first") {
  const known = made.get(kind + which) ?? makeForeign(kind);
  made.set(kind + which, known);
  return known;
}

function makeForeign(kind: KeyKind) {
  const spki = { type: "spki", format: "pem" } as const;
  const pkcs8 = { type: "pkcs8", format: "pem" } as const;
  const pair = kind === "rsa"
    ? generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: spki,
      privateKeyEncoding: pkcs8,
    })
    : kind === "ed25519"
    ? generateKeyPairSync("ed25519", { publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })
    : generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: spki,
      privateKeyEncoding: pkcs8,
    });
  const algorithm = kind === "ed25519" ? null : "sha256";
  return { ...pair, signature: sign(algorithm, BYTES, pair.privateKey).toString("base64") };
}

const generated = new Map<KeyKind, Promise<KeyPair>>();

function ours(kind: KeyKind): Promise<KeyPair> {
  const known = generated.get(kind) ?? generateKey(kind);
  generated.set(kind, known);
  return known;
}

describe.each(KINDS)("a signature by %s", (kind) => {
  it("made elsewhere is accepted", async () => {
    const { publicKey, signature } = foreign(kind);
    expect(await verifySignature(BYTES, { signature, publicKey })).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it("of our own is accepted, line breaks or not", async () => {
    const keys = await ours(kind);
    const signed = await signBytes(BYTES, keys.privateKey);
    if (!signed.ok) throw new Error(signed.reason);
    const wrapped = `${signed.value.replace(/.{40}/g, "$&\n")}\n`;
    for (const signature of [signed.value, wrapped]) {
      expect((await verifySignature(BYTES, { signature, publicKey: keys.publicKey })).ok).toBe(
        true,
      );
    }
  });

  it("does not fit other bytes, another key or another signature", async () => {
    const { publicKey, signature } = foreign(kind);
    const other = foreign(kind, "second");
    const changed = encodeUtf8("version: v1 \n");
    expect((await verifySignature(changed, { signature, publicKey })).ok).toBe(false);
    expect((await verifySignature(BYTES, { signature, publicKey: other.publicKey })).ok).toBe(
      false,
    );
    expect((await verifySignature(BYTES, { signature: other.signature, publicKey })).ok).toBe(
      false,
    );
  });

  it("never passes for one of another kind", async () => {
    const { signature } = foreign(kind);
    for (const other of KINDS.filter((one) => one !== kind)) {
      const { publicKey } = foreign(other);
      expect((await verifySignature(BYTES, { signature, publicKey })).ok).toBe(false);
    }
  });
});

describe("a raw ECDSA signature", () => {
  it("is accepted like one in DER", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const signature = sign("sha256", BYTES, { key: privateKey, dsaEncoding: "ieee-p1363" })
      .toString("base64");
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect((await verifySignature(BYTES, { signature, publicKey: pem })).ok).toBe(true);
  });
});

describe("a public key", () => {
  it("may be a bare PKCS#1 one", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const signature = sign("sha256", BYTES, privateKey).toString("base64");
    const pem = publicKey.export({ type: "pkcs1", format: "pem" }).toString();
    expect((await verifySignature(BYTES, { signature, publicKey: pem })).ok).toBe(true);
  });

  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({
    type: "spki",
    format: "pem",
  });

  it.each([
    ["no PEM at all", "hello", 'no "-----BEGIN'],
    ["a private key", foreign("ed25519").privateKey, "holds a private key"],
    ["another curve", p384.toString(), "curve is not P-256"],
    ["two keys", foreign("ed25519").publicKey.repeat(2), "more than one block"],
    ["no end", "-----BEGIN PUBLIC KEY-----\nAAAA\n", "is missing"],
    ["no base64", "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----", "not base64"],
    [
      "no key inside",
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
      "not a key of a known kind",
    ],
    [
      "a certificate",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "expected a PUBLIC KEY",
    ],
    ["a key cut short", foreign("rsa").publicKey.replace(/\n.{64}\n(?=.*\n-----END)/, "\n"), "key"],
  ])("that is %s cannot be used, and is not repeated", async (_, publicKey, why) => {
    const { signature } = foreign("ed25519");
    const verified = await verifySignature(BYTES, { signature, publicKey });
    expect(verified.ok ? "" : verified.reason).toContain(why);
    expect(verified.ok ? "" : verified.reason).not.toContain(publicKey.split("\n")[1] ?? "hello");
  });

  it.each(["", "!!!", "AAAA"])("refuses the signature %j", async (signature) => {
    const { publicKey } = foreign("ecdsa-p256");
    expect((await verifySignature(BYTES, { signature, publicKey })).ok).toBe(false);
  });
});

describe("signing", () => {
  it("refuses what is not a private key", async () => {
    expect((await signBytes(BYTES, foreign("rsa").publicKey)).ok).toBe(false);
    expect((await signBytes(BYTES, "")).ok).toBe(false);
  });

  it.each(KINDS)("by %s gives what another implementation accepts", async (kind) => {
    const keys = await ours(kind);
    const signed = await signBytes(BYTES, keys.privateKey);
    const algorithm = kind === "ed25519" ? null : "sha256";
    const signature = Buffer.from(signed.ok ? signed.value : "", "base64");
    expect(verify(algorithm, BYTES, keys.publicKey, signature)).toBe(true);
  });
});
