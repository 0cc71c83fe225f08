import { type DerElement, readDer } from "../policy/der.ts";
import { decodeBase64 } from "../policy/pem.ts";

/** When a certificate is valid, as Unix times in milliseconds. */
export interface CertificateTimes {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Tags of an X.509 certificate. */
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/**
 * Reads when the first certificate of a PEM file is valid.
 *
 * @returns `undefined` when the text holds no certificate
 */
export function certificateTimes(pem: string): CertificateTimes | undefined {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem);
  const der = decodeBase64(body?.[1] ?? "");
  const certificate = inside(der && readDer(der)?.[0]);
  const parts = inside(certificate?.[0]);
  if (parts === undefined) return undefined;
  // version (may be absent), serial number, algorithm, issuer, validity
  const validity = inside(parts[parts[0]?.tag === VERSION ? 4 : 3]);
  const notBeforeMs = timeOf(validity?.[0]);
  const notAfterMs = timeOf(validity?.[1]);
  if (notBeforeMs === undefined || notAfterMs === undefined) return undefined;
  return { notBeforeMs, notAfterMs };
}

function inside(element: DerElement | undefined): DerElement[] | undefined {
  return element?.tag === SEQUENCE ? readDer(element.content) : undefined;
}

function timeOf(element: DerElement | undefined): number | undefined {
  if (element === undefined) return undefined;
  const text = String.fromCharCode(...element.content.subarray(0, 32));
  const digits = element.tag === UTC_TIME
    ? /^([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(text)
    : element.tag === GENERALIZED_TIME
    ? /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(text)
    : null;
  if (digits === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(
    Number,
  );
  // Two digits mean 1950 to 2049.
  const fullYear = element.tag === GENERALIZED_TIME ? year : year < 50 ? 2000 + year : 1900 + year;
  return Date.UTC(fullYear, month - 1, day, hour, minute, second);
}
