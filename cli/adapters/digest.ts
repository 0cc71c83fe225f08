import type { Hash } from "node:crypto";
import type { Digest } from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";

const BLOCK_BYTES = 64;
/** Keys come from the configuration; more than it will ever name are not kept. */
const MAX_KEYS = 1_000;

/** An HMAC key that both hashes have already eaten: each use copies them and goes on from there. */
interface KeyState {
  readonly inner: Hash;
  readonly outer: Hash;
}

/**
 * The platform's hashing, three to four times as fast as the portable one on short inputs, with the same results.
 * `node:crypto` is loaded at the first hash.
 */
export function nativeDigest(): Digest {
  const keys = new Map<string, KeyState>();
  const stateOf = (key: string): KeyState => {
    const kept = keys.get(key);
    if (kept !== undefined) return kept;
    const state = keyState(new TextEncoder().encode(key));
    if (keys.size < MAX_KEYS) keys.set(key, state);
    return state;
  };
  return {
    sha256Hex: (data) => builtin("node:crypto").hash("sha256", whole(data), "hex"),
    hmacSha256Hex(key, data) {
      const { inner, outer } = typeof key === "string" ? stateOf(key) : keyState(key);
      const first = inner.copy().update(whole(data)).digest();
      return outer.copy().update(first).digest("hex");
    },
  };
}

/**
 * Has a text that was put together from pieces laid out in one piece. A native hash that has to do that itself may run
 * into a garbage collection inside a fast call, which aborts the process (V8: "Lazy deopt after a fast API call").
 */
function whole<T extends string | Uint8Array>(data: T): T {
  // Matching needs the text in one piece, and unlike other ways is never optimized away.
  if (typeof data === "string") ANYTHING.test(data);
  return data;
}

const ANYTHING = /^/;

function keyState(key: Uint8Array): KeyState {
  const { createHash } = builtin("node:crypto");
  const short = key.length > BLOCK_BYTES ? createHash("sha256").update(key).digest() : key;
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  short.forEach((byte: number, i: number) => {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  });
  return {
    inner: createHash("sha256").update(inner),
    outer: createHash("sha256").update(outer),
  };
}
