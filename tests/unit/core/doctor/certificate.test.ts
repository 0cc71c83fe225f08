import { describe, expect, it } from "vitest";
import { certificateTimes } from "../../../../core/doctor/certificate.ts";
import { writeDer } from "../../../../core/policy/der.ts";
import { formatPem } from "../../../../core/policy/pem.ts";
import { finding, type Machine, NOW } from "./support.ts";

const UTC = 0x17;
const GENERALIZED = 0x18;

/** A certificate of which everything but the validity is made up. */
function certificate(
  from: readonly [number, string],
  until: readonly [number, string],
  { version = true } = {},
): string {
  const time = ([tag, text]: readonly [number, string]) =>
    writeDer(tag, new TextEncoder().encode(text));
  const body = writeDer(
    0x30,
    ...version ? [writeDer(0xa0, writeDer(2, new Uint8Array([2])))] : [],
    writeDer(2, new Uint8Array([1])),
    writeDer(0x30),
    writeDer(0x30),
    writeDer(0x30, time(from), time(until)),
    writeDer(0x30),
  );
  return formatPem("CERTIFICATE", writeDer(0x30, body, writeDer(0x30), writeDer(3)));
}

const GOOD = certificate([UTC, "260101000000Z"], [UTC, "270101000000Z"]);

describe("the times of a certificate", () => {
  it.each([
    ["in two digits", certificate([UTC, "260101000000Z"], [UTC, "491231235959Z"])],
    [
      "in four digits",
      certificate([GENERALIZED, "20260101000000Z"], [GENERALIZED, "20491231235959Z"]),
    ],
    [
      "without a version",
      certificate([UTC, "260101000000Z"], [UTC, "491231235959Z"], { version: false }),
    ],
    [
      "of the first one in a chain",
      certificate([UTC, "260101000000Z"], [UTC, "491231235959Z"]) + GOOD,
    ],
  ])("are read %s", (_, pem) => {
    expect(certificateTimes(pem)).toEqual({
      notBeforeMs: Date.UTC(2026, 0, 1),
      notAfterMs: Date.UTC(2049, 11, 31, 23, 59, 59),
    });
  });

  it("in two digits reach back to 1950", () => {
    const pem = certificate([UTC, "500101000000Z"], [UTC, "990101000000Z"]);
    expect(certificateTimes(pem)?.notBeforeMs).toBe(Date.UTC(1950, 0, 1));
  });

  it.each([
    ["nothing", ""],
    ["a key", formatPem("PRIVATE KEY", writeDer(0x30))],
    ["no DER", formatPem("CERTIFICATE", new Uint8Array([1, 2, 3]))],
    ["DER that is no certificate", formatPem("CERTIFICATE", writeDer(0x30, writeDer(0x30)))],
    ["no date", certificate([UTC, "yesterday"], [UTC, "270101000000Z"])],
    ["a local time", certificate([UTC, "2601010000+0100"], [UTC, "270101000000Z"])],
    ["another tag", certificate([4, "260101000000Z"], [UTC, "270101000000Z"])],
  ])("are not read from %s", (_, pem) => {
    expect(certificateTimes(pem)).toBeUndefined();
  });
});

describe("gateway.tls_certificate_valid", () => {
  const machine = (cert: string, more: Machine = {}): Machine => ({
    config: { gateway: { tls: { enabled: true, cert_file: "cert.pem", key_file: "key.pem" } } },
    files: { "cert.pem": cert, "key.pem": "key" },
    ...more,
  });
  const id = "gateway.tls_certificate_valid";
  const day = 86_400_000;

  it("passes while the certificate is valid, and says until when", async () => {
    expect(await finding(id, machine(GOOD))).toMatchObject({
      status: "PASS",
      message: "the certificate is valid until 2027-01-01T00:00:00.000Z",
    });
  });

  it.each([
    ["FAIL", "not valid before", Date.UTC(2025, 11, 31)],
    ["WARN", "expires at 2027-01-01", Date.UTC(2027, 0, 1) - 10 * day],
    ["FAIL", "expired at 2027-01-01", Date.UTC(2027, 0, 1)],
  ])("is %s with %s", async (status, says, now) => {
    const found = await finding(id, machine(GOOD, { now }));
    expect(found.status).toBe(status);
    expect(found.message).toContain(says);
  });

  it("fails on a file that holds no certificate", async () => {
    expect((await finding(id, machine("hello"))).message).toContain("holds no certificate");
  });

  it("fails when TLS cannot be spoken with it", async () => {
    const found = await finding(
      id,
      machine(GOOD, {
        now: NOW,
        request: {
          tryListen: ({ tls }) =>
            Promise.resolve(
              tls === undefined
                ? { ok: true, value: undefined }
                : { ok: false, reason: "key values mismatch" },
            ),
        },
      }),
    );
    expect(found).toMatchObject({
      status: "FAIL",
      message: "TLS cannot be spoken: key values mismatch",
    });
  });
});
