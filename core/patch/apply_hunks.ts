import { encodeUtf8, fail, ok, type Result } from "../encoding/mod.ts";
import type { Hunk, HunkLine } from "./file_patch.ts";

const NEWLINE = 10;

/**
 * Applies the hunks of one file to its bytes. No fuzz: each hunk must fit exactly where it says. What hunks do not
 * touch stays byte for byte, valid UTF-8 or not. Takes time linear in the file and the hunks.
 *
 * @param hunks in order and without overlap, as `parsePatch` gives them
 * @returns the new content, or why a hunk does not fit; the message shows line numbers and nothing of the file
 *
 * @example
 * ```ts
 * const [file] = parsed.value; // of "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"
 * applyHunks(encodeUtf8("old\n"), file.hunks); // the bytes of "new\n"
 * ```
 */
export function applyHunks(old: Uint8Array, hunks: readonly Hunk[]): Result<Uint8Array, string> {
  const patcher = new Patcher(old);
  for (const hunk of hunks) {
    const flaw = patcher.apply(hunk);
    if (flaw !== undefined) return fail(flaw);
  }
  return patcher.finish();
}

class Patcher {
  readonly #old: Uint8Array;
  /** Byte offset of the next old line, and its index. */
  #at = 0;
  #line = 0;
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  /** The last byte that was put out is a newline, or nothing was put out yet. */
  #fresh = true;

  constructor(old: Uint8Array) {
    this.#old = old;
  }

  apply(hunk: Hunk): string | undefined {
    const from = this.#at;
    while (this.#line < hunk.start) {
      if (this.#at >= this.#old.length) {
        return `the hunk at line ${hunk.at} of the patch begins behind the end of the file (${this.#line} lines)`;
      }
      this.#at = this.#endOfLine();
      this.#line++;
    }
    this.#put(this.#old.subarray(from, this.#at));
    for (const line of hunk.lines) {
      const flaw = this.#applyLine(line);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  finish(): Result<Uint8Array, string> {
    if (!this.#fresh && this.#at < this.#old.length) {
      return fail("the patch ends the file without a newline, but the file goes on");
    }
    this.#put(this.#old.subarray(this.#at));
    const result = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      result.set(part, at);
      at += part.length;
    }
    return ok(result);
  }

  #applyLine(line: HunkLine): string | undefined {
    const bytes = encodeUtf8(line.newline ? `${line.text}\n` : line.text);
    if (line.kind !== "add") {
      const end = this.#at + bytes.length;
      if (!this.#stands(bytes) || (!line.newline && end < this.#old.length)) {
        return `line ${line.at} of the patch does not match line ${this.#line + 1} of the file`;
      }
      this.#at = end;
      this.#line++;
    }
    if (line.kind === "remove") return undefined;
    if (!this.#fresh) {
      return `line ${line.at} of the patch would follow a line that has no newline`;
    }
    this.#put(bytes);
    return undefined;
  }

  #stands(bytes: Uint8Array): boolean {
    if (this.#at + bytes.length > this.#old.length) return false;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== this.#old[this.#at + i]) return false;
    }
    return true;
  }

  #endOfLine(): number {
    const end = this.#old.indexOf(NEWLINE, this.#at);
    return end === -1 ? this.#old.length : end + 1;
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    this.#fresh = bytes[bytes.length - 1] === NEWLINE;
  }
}
