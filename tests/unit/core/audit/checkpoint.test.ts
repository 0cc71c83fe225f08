import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readSigner, readVerifier } from "../../../../core/audit/checkpoint.ts";
import { portableDigest } from "../../../../core/encoding/mod.ts";

const HEAD = { chainId: "main-1", seq: 3, hash: "ab" };

function keyPair(kind: "ed25519" | "x25519" = "ed25519") {
  const pair = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return {
    secret: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    known: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

async function signed() {
  const { secret, known } = keyPair();
  const signer = await readSigner(secret, portableDigest);
  const verifier = await readVerifier(known, portableDigest);
  if (!signer.ok || !verifier.ok) throw new Error("no key");
  return { signer: signer.value, verifier: verifier.value };
}

describe("signed checkpoints", () => {
  it("verify with the key that belongs to them", async () => {
    const { signer, verifier } = await signed();
    expect(signer.keyId).toBe(verifier.keyId);
    expect(await verifier.verify(HEAD, await signer.sign(HEAD))).toBe(true);
  });

  it.each([
    ["another chain", { ...HEAD, chainId: "main-2" }],
    ["another count", { ...HEAD, seq: 4 }],
    ["another hash", { ...HEAD, hash: "ac" }],
  ])("do not verify for %s", async (_, head) => {
    const { signer, verifier } = await signed();
    expect(await verifier.verify(head, await signer.sign(HEAD))).toBe(false);
  });

  it("do not verify with another key, or when they are no signature", async () => {
    const { signer } = await signed();
    const { verifier } = await signed();
    expect(await verifier.verify(HEAD, await signer.sign(HEAD))).toBe(false);
    for (const bad of ["", "zz", "00"]) expect(await verifier.verify(HEAD, bad)).toBe(false);
  });
});

describe("keys", () => {
  it.each([
    ["nothing", ""],
    ["another kind of key", keyPair("x25519").secret],
    ["a public key", keyPair().known],
    ["base64 that is none", "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----"],
  ])("are refused for signing when they are %s", async (_, pem) => {
    expect((await readSigner(pem, portableDigest)).ok).toBe(false);
  });

  it.each([
    ["a private key", keyPair().secret],
    ["another kind of key", keyPair("x25519").known],
  ])("are refused for verifying when they are %s", async (_, pem) => {
    expect((await readVerifier(pem, portableDigest)).ok).toBe(false);
  });
});
