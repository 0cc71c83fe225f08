import type { Problem } from "../encoding/mod.ts";

/** Reads a patch line by line and remembers the first thing that is wrong with it. */
export class PatchLines {
  readonly #text: string;
  #start = 0;
  #end: number;
  #number = 1;
  #problem: Problem | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#end = this.#endOfLine(0);
  }

  /** The line that is looked at, without its newline; `undefined` behind the last one or after a problem. */
  get line(): string | undefined {
    if (this.#problem !== undefined || this.#start >= this.#text.length) return undefined;
    return this.#text.slice(this.#start, this.#end);
  }

  /** Its number, from 1. */
  get number(): number {
    return this.#number;
  }

  /** The first problem; nothing is read after it. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  next(): void {
    this.#start = this.#end + 1;
    this.#end = this.#endOfLine(this.#start);
    this.#number++;
  }

  /**
   * Notes that the patch is wrong at a line, the current one unless told otherwise.
   *
   * @param column in UTF-16 code units, from 1
   */
  fail(message: string, at: { line?: number; column?: number } = {}): void {
    const line = at.line ?? this.#number;
    this.#problem ??= {
      pointer: "",
      message: `Cannot use the patch at line ${line}: ${message}`,
      position: { line, column: at.column ?? 1 },
    };
  }

  #endOfLine(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end === -1 ? this.#text.length : end;
  }
}
