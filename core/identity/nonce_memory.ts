import type { Stamp } from "./signed_request.ts";

/** How far a timestamp may be from our time, either way, in seconds. */
export const STAMP_WINDOW_SECONDS = 300;

/** Nonces are forgotten together, by the minute of their timestamps. */
const SLOT_SECONDS = 60;

/** What is wrong with a stamp. */
export type StampFlaw = "timestamp_outside_window" | "nonce_reused" | "nonce_memory_full";

/**
 * Remembers which nonces were used, for as long as their timestamps would be accepted.
 *
 * INVARIANT: a nonce whose timestamp is still acceptable is never forgotten: a signer without room is refused, and
 * when the clock is set back, timestamps whose nonces were already forgotten stay refused. Each signer has room of
 * its own, so that nobody can use up another's.
 *
 * It lives in this process: a restart forgets, so a stamped request that was caught less than five minutes ago could
 * then be sent once more.
 */
export class NonceMemory {
  readonly #maxPerSigner: number;
  /** Minute of the timestamp → signer → nonces. At most a dozen minutes are live. */
  readonly #slots = new Map<number, Map<string, Set<string>>>();
  /** Timestamps below this were forgotten, in seconds. */
  #forgottenBefore = -Infinity;

  constructor(maxPerSigner: number) {
    this.#maxPerSigner = maxPerSigner;
  }

  /** Whether a timestamp may be looked at at all. */
  isCurrent(stamp: Stamp, nowMs: number): boolean {
    const now = Math.floor(nowMs / 1000);
    return Math.abs(now - stamp.seconds) <= STAMP_WINDOW_SECONDS &&
      stamp.seconds >= this.#forgottenBefore;
  }

  /**
   * Uses a nonce up, for all who signed the request with it, or for none of them.
   *
   * @returns what is wrong, or `undefined` when the nonce is fresh
   */
  use(stamp: Stamp, signers: readonly string[], nowMs: number): StampFlaw | undefined {
    this.#forget(Math.floor(nowMs / 1000));
    if (!this.isCurrent(stamp, nowMs)) return "timestamp_outside_window";
    for (const signer of signers) {
      let held = 0;
      for (const slot of this.#slots.values()) {
        const nonces = slot.get(signer);
        if (nonces?.has(stamp.nonce)) return "nonce_reused";
        held += nonces?.size ?? 0;
      }
      if (held >= this.#maxPerSigner) return "nonce_memory_full";
    }
    for (const signer of signers) this.#remember(stamp, signer);
    return undefined;
  }

  #remember(stamp: Stamp, signer: string): void {
    const minute = Math.floor(stamp.seconds / SLOT_SECONDS);
    const slot = this.#slots.get(minute) ?? new Map<string, Set<string>>();
    this.#slots.set(minute, slot);
    const nonces = slot.get(signer) ?? new Set<string>();
    slot.set(signer, nonces);
    nonces.add(stamp.nonce);
  }

  #forget(nowSeconds: number): void {
    for (const minute of this.#slots.keys()) {
      const end = (minute + 1) * SLOT_SECONDS;
      if (end + STAMP_WINDOW_SECONDS > nowSeconds) continue;
      this.#slots.delete(minute);
      this.#forgottenBefore = Math.max(this.#forgottenBefore, end);
    }
  }
}
