import { fail, ok, type Result } from "../encoding/mod.ts";

/** One block of a PEM file. */
export interface PemBlock {
  /** What stands behind BEGIN, such as `PUBLIC KEY`. */
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the one block of a PEM text.
 *
 * @returns the block, or what is wrong (a phrase for a message; never anything of the key)
 */
export function parsePem(text: string): Result<PemBlock, string> {
  const begin = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text);
  if (begin === null) return fail('no "-----BEGIN …-----" line was found, expected a PEM file');
  const label = begin[1] ?? "";
  const start = begin.index + begin[0].length;
  const end = text.indexOf(`-----END ${label}-----`, start);
  if (end === -1) return fail(`the "-----END ${label}-----" line is missing`);
  if (text.indexOf("-----BEGIN ", start) !== -1) {
    return fail("there is more than one block, expected exactly one key");
  }
  const bytes = decodeBase64(text.slice(start, end));
  return bytes === undefined ? fail("its content is not base64") : ok({ label, bytes });
}

/** Writes bytes as one PEM block. */
export function formatPem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Reads base64, with or without line breaks; `undefined` when it is anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const compact = text.replace(/[\t\n\r ]/g, "");
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
}

/** Writes bytes as base64 in one line. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
