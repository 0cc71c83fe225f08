import type { SecureContextOptions, TlsOptions } from "node:tls";
import type { ListenOptions } from "../../commands/command.ts";
import { builtin } from "./builtin.ts";

type Tls = NonNullable<ListenOptions["tls"]>;

/** Certificate files are looked at this often, in milliseconds. */
const WATCH_INTERVAL_MS = 2_000;

/** Reads the certificate files. TLS 1.2 is the oldest version spoken. */
export async function loadTls(tls: Tls): Promise<TlsOptions> {
  return {
    ...(await readContext(tls)),
    minVersion: "TLSv1.2",
    requestCert: tls.clientCaFile !== undefined,
    rejectUnauthorized: tls.requireClientCertificate,
  };
}

/**
 * Loads the certificate files again when one of them changed; a pair that does not load leaves the old one in place.
 *
 * @returns ends the watching
 */
export function watchTls(tls: Tls, apply: (context: SecureContextOptions) => void): () => void {
  const fs = builtin("node:fs");
  const files = [tls.certFile, tls.keyFile, tls.clientCaFile].filter((file) => file !== undefined);
  const stamp = () => files.map((file) => stampOf(fs, file)).join("|");
  let last = stamp();
  const timer = setInterval(() => {
    const now = stamp();
    if (now === last) return;
    readContext(tls).then((context) => {
      apply(context);
      last = now;
    }).catch(() => undefined); // half-written files: tried again at the next look
  }, WATCH_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function stampOf(fs: typeof import("node:fs"), file: string): string {
  try {
    const stat = fs.statSync(file);
    return `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
  } catch {
    return "missing";
  }
}

/** @throws {TypeError} when the files cannot be read or do not fit together */
async function readContext(tls: Tls): Promise<SecureContextOptions> {
  const fs = builtin("node:fs/promises");
  try {
    const [cert, key, ca] = await Promise.all([
      fs.readFile(tls.certFile),
      fs.readFile(tls.keyFile),
      tls.clientCaFile ? fs.readFile(tls.clientCaFile) : undefined,
    ]);
    const context = { cert, key, ...(ca ? { ca } : {}) };
    builtin("node:tls").createSecureContext(context); // what does not fit must not be applied
    return { ...context, minVersion: "TLSv1.2" };
  } catch (error) {
    const state = error instanceof Error ? error.message : "it cannot be read";
    throw new TypeError(
      `Cannot use the certificate "${tls.certFile}" with its key: ${state}, expected a PEM pair`,
    );
  }
}
