const FIRST_BYTES = 4_096;

/** The beginning of a stream; what comes beyond its limit is thrown away as it comes. */
export class KeptBytes {
  readonly #limit: number;
  #buffer = new Uint8Array(0);
  #size = 0;
  #cut = false;

  /** @param limit most bytes kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether anything was thrown away. */
  get cut(): boolean {
    return this.#cut;
  }

  /** What was kept. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  /** Takes a piece, which may be reused by its owner afterwards. */
  take(piece: Uint8Array): void {
    const room = this.#limit - this.#size;
    if (piece.length > room) this.#cut = true;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    if (kept.length === 0) return;
    this.#makeRoom(this.#size + kept.length);
    this.#buffer.set(kept, this.#size);
    this.#size += kept.length;
  }

  #makeRoom(size: number): void {
    if (size <= this.#buffer.length) return;
    const doubled = Math.max(FIRST_BYTES, this.#buffer.length * 2, size);
    const larger = new Uint8Array(Math.min(doubled, this.#limit));
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
