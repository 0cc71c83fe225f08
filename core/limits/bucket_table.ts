import { SEARCH_STEPS, Sweep, TEND_STEPS } from "./sweep.ts";
import { type BucketRate, TokenBucket } from "./token_bucket.ts";

/** How many buckets are kept, and how long. */
export interface TableBounds {
  /** Most buckets at once. */
  readonly maxBuckets: number;
  /** A bucket that is full again is dropped when nobody used it for so long, in seconds. */
  readonly evictAfterSeconds: number;
}

/**
 * Buckets by key, bounded in number, in constant time per use.
 *
 * INVARIANT: only a bucket that is full again is dropped, so forgetting never gives a token. When there is no room
 * the table says so, and the caller refuses.
 */
export class BucketTable {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #sweep = new Sweep(this.#buckets);
  readonly #maxBuckets: number;
  readonly #idleMs: number;

  constructor(bounds: TableBounds) {
    this.#maxBuckets = bounds.maxBuckets;
    this.#idleMs = bounds.evictAfterSeconds * 1_000;
  }

  /** Buckets held now. */
  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of a key; `undefined` stands for one that is full. */
  find(key: string): TokenBucket | undefined {
    return this.#buckets.get(key);
  }

  /** Drops a few idle buckets; every use of the table begins with it. */
  tend(nowMs: number): void {
    this.#sweep.run(
      TEND_STEPS,
      (bucket) => nowMs - bucket.lastUsedMs >= this.#idleMs && bucket.isFullAt(nowMs),
    );
  }

  /**
   * Makes room for those of the keys that have no bucket, if need be by dropping full buckets, theirs included.
   *
   * @returns whether there is room now
   */
  makeRoom(keys: readonly string[], nowMs: number): boolean {
    if (this.#hasRoom(keys)) return true;
    this.#sweep.run(SEARCH_STEPS, (bucket) => bucket.isFullAt(nowMs));
    return this.#hasRoom(keys);
  }

  /** Adds a full bucket under a key that has none; `makeRoom` comes first. */
  add(key: string, rate: BucketRate, nowMs: number): TokenBucket {
    const bucket = new TokenBucket(rate, nowMs);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #hasRoom(keys: readonly string[]): boolean {
    if (this.#buckets.size + keys.length <= this.#maxBuckets) return true;
    const missing = keys.filter((key) => !this.#buckets.has(key)).length;
    return this.#buckets.size + missing <= this.#maxBuckets;
  }
}
