import type { SecureContextOptions, TlsOptions } from "node:tls";
import type { ListenOptions } from "../../commands/command.ts";
import { builtin } from "./builtin.ts";

type Tls = NonNullable<ListenOptions["tls"]>;

/** Until a connection is encrypted this may pass, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Certificate files are looked at this often, in milliseconds. */
const WATCH_INTERVAL_MS = 2_000;

/** Reads the certificate files. TLS 1.2 is the oldest version spoken. */
export async function loadTls(tls: Tls): Promise<TlsOptions> {
  return {
    ...(await readContext(tls)),
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
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
  const [cert, key] = await Promise.all([readPem(tls.certFile), readPem(tls.keyFile)]);
  const ca = tls.clientCaFile === undefined ? undefined : await readPem(tls.clientCaFile);
  checkCertificate(tls.certFile, cert);
  checkKey(tls, cert, key);
  if (tls.clientCaFile !== undefined) checkCertificate(tls.clientCaFile, ca ?? "");
  return { cert, key, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) };
}

async function readPem(path: string): Promise<string> {
  try {
    return await builtin("node:fs/promises").readFile(path, "utf8");
  } catch {
    throw unusable(path, "it cannot be read", "a readable PEM file");
  }
}

// Not every runtime looks at what it is given before the first handshake fails; so we do.
function checkCertificate(path: string, pem: string): void {
  try {
    new (builtin("node:crypto").X509Certificate)(pem);
  } catch {
    throw unusable(path, "it is not a certificate", "a certificate in PEM");
  }
}

function checkKey(tls: Tls, cert: string, pem: string): void {
  const { createPrivateKey, X509Certificate } = builtin("node:crypto");
  let fits: boolean;
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(pem));
  } catch {
    throw unusable(tls.keyFile, "it is not a private key", "a key in PEM without a passphrase");
  }
  if (!fits) {
    throw unusable(tls.keyFile, "it is another certificate's key", `the key of "${tls.certFile}"`);
  }
}

function unusable(path: string, state: string, wish: string): TypeError {
  return new TypeError(`Cannot use "${path}" for TLS: ${state}, expected ${wish}`);
}
