// `ignoreBOM: true` means "do not swallow a byte order mark": the readers must see it to refuse it.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Decodes UTF-8, or answers `undefined` when the bytes are not valid UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes bytes that may not be UTF-8, for showing: each malformed sequence becomes U+FFFD. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  return lossy.decode(bytes);
}

/** How many bytes of the input, counted from its start, are valid UTF-8. */
export function validUtf8Prefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodesSoFar(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  // A prefix may end inside a character that never gets its last byte; step back to its start.
  while (good > 0 && decodeUtf8(bytes.subarray(0, good)) === undefined) good--;
  return good;
}

function decodesSoFar(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** How many bytes the text takes in UTF-8, between two offsets in UTF-16 code units. */
export function utf8Length(text: string, from = 0, to: number = text.length): number {
  let bytes = to - from;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes: three for its first half, one more for its second.
    if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < to) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next < 0xe000) i++;
    }
  }
  return bytes;
}

/**
 * Orders two texts by their UTF-8 bytes. That differs from JavaScript's own order (UTF-16 code units)
 * only where a surrogate pair meets U+E000…U+FFFF.
 *
 * @returns negative, zero or positive
 */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x < 0xd800 || y < 0xd800 ? x - y : utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

// Moves surrogates behind U+E000…U+FFFF: the characters they encode are all above U+FFFF.
function utf8Rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000;
}
