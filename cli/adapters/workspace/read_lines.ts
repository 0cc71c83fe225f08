import { BEFORE_BYTES, type ReadBytes, type ReadOptions } from "../../../core/ports/mod.ts";
import { nodeFs, readDescriptor, SYNC_BYTES, systemError } from "./system.ts";

/** Read at a time of a large file; its lines are counted within a millisecond. */
const CHUNK_BYTES = 256 * 1024;
const MIN_CHUNK_BYTES = 4 * 1024;
const NEWLINE = 10;

/**
 * Reads the wanted part of an open file. Memory holds one chunk and what is kept, however large the file.
 *
 * @param size the file's size as the system told it, only to choose the way of reading
 */
export async function readLines(
  fd: number,
  size: number,
  options: ReadOptions,
): Promise<ReadBytes> {
  const picker = new Picker(options);
  // One byte more than the file has, so that its end shows in the same read; some files tell no size.
  const chunk = new Uint8Array(
    size < SYNC_BYTES ? Math.max(size + 1, MIN_CHUNK_BYTES) : CHUNK_BYTES,
  );
  let position = 0;
  while (!picker.done) {
    if (options.signal?.aborted) throw systemError("ECANCELED");
    const count = position < SYNC_BYTES && chunk.length <= SYNC_BYTES
      ? nodeFs().readSync(fd, chunk, 0, chunk.length, position)
      : await readDescriptor(fd, chunk, position);
    if (count === 0) break;
    position += count;
    picker.take(chunk.subarray(0, count));
  }
  return picker.result();
}

/** Keeps the wanted lines of what flows by, and one byte more than allowed to know whether there was more. */
class Picker {
  #skip: number;
  #left: number;
  readonly #max: number;
  readonly #kept: Uint8Array[] = [];
  /** The newest of what was skipped, at the beginning of one buffer. */
  #before: Uint8Array | undefined;
  #beforeLength = 0;
  #length = 0;
  done = false;

  constructor(options: ReadOptions) {
    this.#skip = (options.offsetLine ?? 1) - 1;
    this.#left = options.limitLines ?? Infinity;
    this.#max = options.maxBytes;
    if (this.#left <= 0) this.done = true;
  }

  take(chunk: Uint8Array): void {
    const start = this.#skipLines(chunk);
    if (start === chunk.length) return;
    const room = this.#max + 1 - this.#length;
    const end = this.#endOfLines(chunk, start, Math.min(chunk.length, start + room));
    this.#kept.push(chunk.slice(start, end));
    this.#length += end - start;
    if (this.#length > this.#max) this.done = true;
  }

  result(): ReadBytes {
    const bytes = new Uint8Array(Math.min(this.#length, this.#max));
    let at = 0;
    for (const part of this.#kept) {
      bytes.set(part.subarray(0, bytes.length - at), at);
      at += part.length;
    }
    const cut = this.#length > this.#max;
    if (this.#before === undefined) return { bytes, cut };
    return { bytes, cut, before: this.#before.slice(0, this.#beforeLength) };
  }

  /** Nothing is allocated for what flows by, however much it is. */
  #remember(skipped: Uint8Array): void {
    if (skipped.length === 0) return;
    const buffer = this.#before ??= new Uint8Array(BEFORE_BYTES);
    const newest = skipped.subarray(Math.max(0, skipped.length - BEFORE_BYTES));
    const kept = Math.min(this.#beforeLength, BEFORE_BYTES - newest.length);
    buffer.copyWithin(0, this.#beforeLength - kept, this.#beforeLength);
    buffer.set(newest, kept);
    this.#beforeLength = kept + newest.length;
  }

  #skipLines(chunk: Uint8Array): number {
    let at = 0;
    let skip = this.#skip;
    while (skip > 0 && at < chunk.length) {
      const newline = nextNewline(chunk, at);
      if (newline !== -1) skip--;
      at = newline === -1 ? chunk.length : newline + 1;
    }
    this.#skip = skip;
    this.#remember(chunk.subarray(0, at));
    return at;
  }

  #endOfLines(chunk: Uint8Array, start: number, end: number): number {
    if (this.#left === Infinity) return end;
    for (let at = start; at < end;) {
      const newline = nextNewline(chunk, at);
      if (newline === -1 || newline >= end) return end;
      at = newline + 1;
      if (--this.#left === 0) {
        this.done = true;
        return at;
      }
    }
    return end;
  }
}

/** Looking at bytes one by one is faster than a search by the system up to about this distance. */
const NEAR = 64;

function nextNewline(chunk: Uint8Array, from: number): number {
  const near = Math.min(chunk.length, from + NEAR);
  for (let at = from; at < near; at++) {
    if (chunk[at] === NEWLINE) return at;
  }
  return near === chunk.length ? -1 : chunk.indexOf(NEWLINE, near);
}
