import { type Digest, encodeUtf8, fail, ok } from "../../encoding/mod.ts";
import { type AppendFile, FileError, type Storage } from "../../ports/mod.ts";
import type { SealedRecord } from "../chain.ts";
import { isIntact, parseStored } from "../stored_record.ts";
import { lastNewline, linesNewestFirst } from "./file_tail.ts";
import {
  type AuditSink,
  type Recovery,
  SinkFailure,
  type SinkKind,
  type SinkMemory,
  sinkName,
  type SinkOptions,
  sinkProblem,
  type SinkSpec,
} from "./sink.ts";
import { toLines } from "./stream.ts";

/** Records as JSON lines in a file that only grows; *durable*: one sync a batch. */
export const fileSink: SinkKind = {
  name: "file",
  target: "path",
  durable: true,
  open: async (spec, options) => {
    try {
      return ok(await FileSink.open(spec, options));
    } catch (cause) {
      return fail(sinkProblem(spec, "the file cannot be written", cause));
    }
  },
};

class FileSink implements AuditSink {
  readonly name: string;
  readonly memory: SinkMemory = { newestFirst: () => linesNewestFirst(this.#file) };
  readonly #storage: Storage;
  readonly #path: string;
  readonly #sync: boolean;
  readonly #recoveries: Recovery[] = [];
  #file: AppendFile;
  /** The size after our own last write; another size means that somebody else writes too. */
  #expected: number;

  static async open(spec: SinkSpec, options: SinkOptions): Promise<FileSink> {
    const file = await options.ports.storage.openAppend(spec.target);
    const sink = new FileSink(spec, options, file);
    if (options.exclusive) await sink.#repair(options.ports.digest);
    return sink;
  }

  private constructor(spec: SinkSpec, options: SinkOptions, file: AppendFile) {
    this.name = sinkName(spec);
    this.#path = spec.target;
    this.#storage = options.ports.storage;
    this.#sync = options.durability === "full";
    this.#file = file;
    this.#expected = -1;
  }

  async append(records: readonly SealedRecord[]): Promise<void> {
    await this.#append(toLines(records));
  }

  async #append(lines: Uint8Array): Promise<void> {
    const before = await this.#sizeBefore();
    const bytes = before === this.#expected ? lines : await this.#behindNewline(before, lines);
    try {
      await this.#file.append(bytes);
      if (this.#sync) await this.#file.sync();
    } catch (cause) {
      throw await this.#takeBack(before, cause);
    }
    this.#expected = before + bytes.length;
  }

  async #sizeBefore(): Promise<number> {
    try {
      return await this.#file.size();
    } catch (cause) {
      if (!(cause instanceof FileError && cause.code === "not_found")) {
        throw new SinkFailure("none", messageOf(cause), { cause });
      }
      // Somebody removed the file: a new one takes its place, and what was in the old one is gone.
      this.#file = await this.#storage.openAppend(this.#path);
      this.#expected = -1;
      throw new SinkFailure("unknown", messageOf(cause), { cause });
    }
  }

  /** Others may die in the middle of a line: what we write must begin on a new one. */
  async #behindNewline(size: number, lines: Uint8Array): Promise<Uint8Array> {
    if (size === 0) return lines;
    const [last] = await this.#file.readAt(size - 1, 1);
    if (last === NEWLINE) return lines;
    this.#recoveries.push({ cause: "torn_line" });
    const bytes = new Uint8Array(lines.length + 1);
    bytes[0] = NEWLINE;
    bytes.set(lines, 1);
    return bytes;
  }

  /**
   * Cuts what a failed write left behind. When somebody else writes to the file too, or cutting fails, what is there
   * stays.
   */
  async #takeBack(before: number, cause: unknown): Promise<SinkFailure> {
    const alone = before === this.#expected;
    this.#expected = -1;
    try {
      const after = await this.#file.size();
      if (after !== before) {
        if (!alone) return new SinkFailure("unknown", messageOf(cause), { cause });
        await this.#file.truncate(before);
      }
      if (alone) this.#expected = before;
      return new SinkFailure("none", messageOf(cause), { cause });
    } catch {
      return new SinkFailure("unknown", messageOf(cause), { cause });
    }
  }

  /** Brings the end of the file in order: a whole record without its newline is kept, a torn one is cut. */
  async #repair(digest: Digest): Promise<void> {
    const size = await this.#file.size();
    const end = await lastNewline(this.#file, size) + 1;
    this.#expected = size;
    if (end === size) return;
    const fragment = await this.#file.readAt(end, size - end);
    if (isWholeRecord(fragment, digest)) return await this.#append(encodeUtf8("\n"));
    await this.#file.truncate(end);
    await this.#file.sync();
    this.#expected = end;
    this.#recoveries.push({ cause: "torn_line", cutBytes: size - end });
  }

  takeRecoveries(): readonly Recovery[] {
    return this.#recoveries.splice(0);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const NEWLINE = 0x0a;

function isWholeRecord(bytes: Uint8Array, digest: Digest): boolean {
  const record = parseStored(bytes);
  return record !== undefined && isIntact(record, digest);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
