import type { Config } from "../../config/mod.ts";
import { decodeUtf8Lossy } from "../../encoding/mod.ts";
import { FileError, type Files } from "../../ports/mod.ts";
import { certificateTimes } from "../certificate.ts";
import { type Check, failure, type Finding, pass, warn } from "../check.ts";

const DAY_MS = 86_400_000;
/** Less than this left, and people should be told. */
const SOON_MS = 30 * DAY_MS;

/** Whether the gateway could listen now. */
export const portFree: Check = {
  id: "gateway.port_free",
  async run({ config, tryListen }) {
    const address = config.gateway.listen;
    if (tryListen === undefined) return pass(`${address} is in use by this gateway`);
    const trial = await tryListen({ address, tls: undefined });
    if (trial.ok) return pass(`${address} is free`);
    return warn(
      `cannot listen on ${address}: ${trial.reason}`,
      "stop what listens there, unless it is this gateway, or choose another gateway.listen",
    );
  },
};

/** Whether the certificate is valid now and a while on, and fits its key. */
export function certificateChecks({ gateway }: Config): readonly Check[] {
  return gateway.tls.enabled ? [certificateValid] : [];
}

const certificateValid: Check = {
  id: "gateway.tls_certificate_valid",
  async run({ config, adapters, tryListen }) {
    const { tls } = config.gateway;
    const path = tls.cert_file ?? "";
    const times = certificateTimes(await readText(adapters.files, path));
    if (times === undefined) {
      return failure(`${path} holds no certificate`, "give a certificate in PEM form");
    }
    const finding = judgeTimes(times, adapters.clock.now());
    if (finding.status === "FAIL" || tryListen === undefined) return finding;
    const trial = await tryListen({ address: "127.0.0.1:0", tls });
    if (trial.ok) return finding;
    return failure(`TLS cannot be spoken: ${trial.reason}`, "check that certificate and key fit");
  },
};

async function readText(files: Files, path: string): Promise<string> {
  try {
    return decodeUtf8Lossy(await files.read(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return "";
  }
}

function judgeTimes(
  { notBeforeMs, notAfterMs }: { notBeforeMs: number; notAfterMs: number },
  nowMs: number,
): Finding {
  const until = new Date(notAfterMs).toISOString();
  if (nowMs < notBeforeMs) {
    const from = new Date(notBeforeMs).toISOString();
    return failure(`the certificate is not valid before ${from}`, "check the clock, or wait");
  }
  if (nowMs >= notAfterMs) return failure(`the certificate expired at ${until}`, "renew it");
  if (notAfterMs - nowMs < SOON_MS) return warn(`the certificate expires at ${until}`, "renew it");
  return pass(`the certificate is valid until ${until}`);
}
