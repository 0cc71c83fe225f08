import type { ScrubOptions } from "../model/redacted.ts";
import { cutCharacter } from "./finder.ts";
import type { Scanner } from "./scanner.ts";

/** How a text ends that was cut or was not. */
export function endOf({ openEnd = false }: ScrubOptions): "whole" | "cut" {
  return openEnd ? "cut" : "whole";
}

/** Small pieces one by one would cost more than they show. */
export const BATCH = 512;

/**
 * Redacts a text that comes in pieces. What is kept in memory, and how far the output may lag behind
 * the input, is bounded: some kilobytes, the longest secret, and with operators' patterns some hundred
 * kilobytes.
 *
 * @example
 * ```ts
 * const stream = new Redactor().stream();
 * stream.push("Authoriz") + stream.push("ation: Token abc\nok") + stream.end(); // "[REDACTED]\nok"
 * ```
 */
export class RedactionStream {
  readonly #scanner: Scanner;
  readonly #batch: number;
  #pending = "";

  /** Streams are made by {@link import("./redactor.ts").Redactor.stream}. */
  constructor(scanner: Scanner, batch: number) {
    this.#scanner = scanner;
    this.#batch = batch;
  }

  /** How much is kept in memory, in UTF-16 code units. */
  get held(): number {
    return this.#pending.length + this.#scanner.text.length;
  }

  /** Takes the next piece; returns what can be shown by now, often nothing. */
  push(chunk: string): string {
    this.#pending += chunk;
    if (this.#pending.length < Math.max(this.#batch, this.#scanner.undecided)) return "";
    // A cut character at the end waits: whether it is one shows when the text ends.
    const kept = this.#pending.length - cutCharacter(this.#pending);
    const piece = this.#pending.slice(0, kept);
    this.#pending = this.#pending.slice(kept);
    return this.#scanner.write(piece, "more");
  }

  /** Ends the text; returns the rest of it. */
  end(options: ScrubOptions = {}): string {
    const piece = this.#pending;
    this.#pending = "";
    return this.#scanner.write(piece, endOf(options));
  }
}
