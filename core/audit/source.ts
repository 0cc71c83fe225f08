import { decodeUtf8, decodeUtf8Lossy } from "../encoding/mod.ts";
import type { Database, SqlRow } from "../ports/mod.ts";

/** One stored event as it was found. */
export interface SourceLine {
  /** Line of a file, counted from 1, or `id` of a row. */
  readonly at: number;
  /** The stored text; `undefined` when it is not UTF-8 or longer than any event. */
  readonly text: string | undefined;
  /** False for a last line without its newline: a write that did not finish. */
  readonly complete: boolean;
  /** Bytes of the line, without its newline. */
  readonly bytes: number;
  /** The columns beside the text, when it comes from a table. */
  readonly columns?: SqlRow;
}

/** A line longer than this is no event: requests are far smaller. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Cuts a stream into lines, in constant memory.
 *
 * @param stream JSON lines, of any length
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<SourceLine> {
  const open = new OpenLine();
  let at = 1;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield open.finish(chunk.subarray(start, end), at++, true);
      start = end + 1;
    }
    open.add(chunk.subarray(start));
  }
  if (open.bytes > 0) yield open.finish(new Uint8Array(), at, false);
}

/** A line whose end has not been seen. */
class OpenLine {
  #parts: Uint8Array[] = [];
  bytes = 0;

  add(part: Uint8Array): void {
    if (part.length === 0) return;
    this.bytes += part.length;
    // The rest of a line that is too long is counted, not kept.
    if (this.bytes <= MAX_LINE_BYTES) this.#parts.push(part.slice());
    else this.#parts = [];
  }

  finish(last: Uint8Array, at: number, complete: boolean): SourceLine {
    if (this.bytes === 0 && last.length <= MAX_LINE_BYTES) {
      // Most lines lie in one chunk: they are decoded where they are.
      return { at, text: decodeUtf8(last), complete, bytes: last.length };
    }
    this.add(last);
    const { bytes } = this;
    const parts = this.#parts;
    this.#parts = [];
    this.bytes = 0;
    if (bytes > MAX_LINE_BYTES) return { at, text: undefined, complete, bytes };
    return { at, text: decodeUtf8(joined(parts, bytes)), complete, bytes };
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const PAGE_ROWS = 1_000;

/** Reads the rows of the table `audit_events` in order, a page at a time. */
export async function* rowsOf(database: Database): AsyncGenerator<SourceLine> {
  for (let last = Number.MIN_SAFE_INTEGER;;) {
    const rows = await database.all(
      "SELECT * FROM audit_events WHERE id > ? ORDER BY id LIMIT ?",
      [last, PAGE_ROWS],
    );
    for (const row of rows) {
      last = Number(row.id);
      const text = textOfColumn(row.payload_json);
      yield { at: last, text, complete: true, bytes: text?.length ?? 0, columns: row };
    }
    if (rows.length < PAGE_ROWS) return;
  }
}

function textOfColumn(value: SqlRow[string] | undefined): string | undefined {
  if (value instanceof Uint8Array) return decodeUtf8Lossy(value);
  return typeof value === "string" ? value : undefined;
}

/**
 * The highest `id` the table ever gave out; undefined when the database does not keep it. When the last row has a
 * lower one, rows were deleted from the end.
 */
export async function highestId(database: Database): Promise<number | undefined> {
  const kept = await database.all("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'");
  if (kept.length === 0) return undefined;
  const rows = await database.all(
    "SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'",
  );
  return rows[0] === undefined ? undefined : Number(rows[0].seq);
}
