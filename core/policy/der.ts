/** One element of DER: its tag, and what is in it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Tags that keys and signatures are made of. */
export const TAG = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const;

/**
 * Reads the elements that fill a piece of DER.
 *
 * @returns `undefined` when it is not DER: a length that is too long, not minimal or indefinite, or bytes left over
 */
export function readDer(bytes: Uint8Array<ArrayBuffer>): DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes, at);
    if (header === undefined) return undefined;
    const end = header.start + header.length;
    if (end > bytes.length) return undefined;
    elements.push({ tag: header.tag, content: bytes.subarray(header.start, end) });
    at = end;
  }
  return elements;
}

interface Header {
  readonly tag: number;
  readonly start: number;
  readonly length: number;
}

function readHeader(bytes: Uint8Array, at: number): Header | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: at + 2, length: first };
  const count = first & 0x7f;
  // Nothing here is longer than 64 KiB; an indefinite length (no bytes) is not DER.
  if (count < 1 || count > 2 || at + 2 + count > bytes.length) return undefined;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const minimal = length >= 0x80 && (count === 1 || length >= 0x100);
  return minimal ? { tag, start: at + 2 + count, length } : undefined;
}

/** Writes one element. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  const header = length < 0x80
    ? [tag, length]
    : length < 0x100
    ? [tag, 0x81, length]
    : [tag, 0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const content of contents) {
    bytes.set(content, at);
    at += content.length;
  }
  return bytes;
}

/** An object identifier's bytes as hex, for comparing. */
export function oidHex(element: DerElement | undefined): string | undefined {
  if (element?.tag !== TAG.oid) return undefined;
  return Array.from(element.content, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
