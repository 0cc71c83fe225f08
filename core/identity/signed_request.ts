import { encodeUtf8 } from "../encoding/mod.ts";
import type { Evidence } from "./evidence.ts";

/** When and once: the part of a signed request that keeps it from being sent again. */
export interface Stamp {
  /** Unix seconds. */
  readonly seconds: number;
  readonly nonce: string;
}

/** The bytes that the signatures of a request cover. */
export interface SignedRequest {
  /** Absent when the request lacks what its signatures must cover. */
  readonly bytes: Uint8Array | undefined;
  /** Absent when the request carries none. */
  readonly stamp: Stamp | undefined;
}

const NOTHING: SignedRequest = Object.freeze({ bytes: undefined, stamp: undefined });
const SECONDS = /^(?:0|[1-9][0-9]{0,11})$/;
const NONCE = /^[A-Za-z0-9._~:+/=-]{1,128}$/;

/**
 * Puts together what the signatures of a request cover:
 *
 * - the exact body; with a timestamp and nonce `<timestamp>\n<nonce>\n<body>`;
 * - without a body always `<METHOD>\n<path and query>\n<timestamp>\n<nonce>`.
 *
 * None of the forms can be taken for another: the first is one JSON document, the second starts with a digit and has a
 * line break before its document, the third starts with a letter.
 *
 * @param stampRequired whether a body alone may not be signed
 */
export function signedRequest(
  evidence: Evidence,
  body: Uint8Array,
  stampRequired: boolean,
): SignedRequest {
  const { timestamp, nonce, method, target } = evidence;
  if (timestamp === undefined && nonce === undefined) {
    if (stampRequired || body.length === 0) return NOTHING;
    return { bytes: body, stamp: undefined };
  }
  if (timestamp === undefined || nonce === undefined) return NOTHING;
  if (!SECONDS.test(timestamp) || !NONCE.test(nonce)) return NOTHING;
  const stamp = { seconds: Number(timestamp), nonce };
  if (body.length > 0) return { bytes: join(`${timestamp}\n${nonce}\n`, body), stamp };
  if (method === undefined || target === undefined) return NOTHING;
  return { bytes: encodeUtf8(`${method}\n${target}\n${timestamp}\n${nonce}`), stamp };
}

function join(head: string, body: Uint8Array): Uint8Array {
  const start = encodeUtf8(head);
  const bytes = new Uint8Array(start.length + body.length);
  bytes.set(start);
  bytes.set(body, start.length);
  return bytes;
}
