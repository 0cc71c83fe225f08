import {
  type AuditReader,
  highestId,
  LinesAuditReader,
  linesOf,
  rowsOf,
  type SourceLine,
  SqlAuditReader,
} from "../core/audit/mod.ts";
import { echo } from "../core/encoding/mod.ts";
import { FileError } from "../core/ports/mod.ts";
import { type CommandContext, CommandFailure } from "./command.ts";

/** A recorded log, wherever it is kept. */
export interface AuditLog {
  readonly kind: "file" | "sqlite" | "stdin";
  /** Reads it from the beginning; standard input only once. */
  lines(): AsyncIterable<SourceLine>;
  /** Highest row id the table ever gave out. */
  readonly highestId: number | undefined;
  readonly reader: AuditReader;
  close(): Promise<void>;
}

/** The argument that names a log, as every audit command takes it. */
export const LOG_ARGUMENT = {
  name: "log",
  summary: "path of a JSON lines file or an SQLite database, sqlite:<path>, or - for stdin",
  required: true,
} as const;

/**
 * Opens a log for reading. The kind of a path is told by its content.
 *
 * @throws {CommandFailure} exit 2 when there is nothing to read
 */
export async function openLog(
  context: Pick<CommandContext, "adapters" | "terminal">,
  name: string,
): Promise<AuditLog> {
  if (name === "-") return linesLog("stdin", () => linesOf(context.terminal.stdin()));
  const path = name.replace(/^(sqlite|file):(\/\/)?/, "");
  try {
    const isDatabase = name.startsWith("sqlite:") || await hasSqliteHeader(context, path);
    if (isDatabase) return await openDatabase(context, path);
  } catch (cause) {
    throw new CommandFailure(
      2,
      `Cannot read audit log "${echo(name)}": ${whyUnread(cause)}`,
      "name a JSON lines file, an SQLite database, or - for standard input",
    );
  }
  return linesLog("file", () => linesOf(context.adapters.files.stream(path)));
}

/** Why a file could not be read, in words for the person who named it. */
export function whyUnread(cause: unknown): string {
  if (!(cause instanceof FileError)) return cause instanceof Error ? cause.message : String(cause);
  switch (cause.code) {
    case "not_found":
      return "there is no such file";
    case "denied":
      return "this user may not read it";
    case "not_a_file":
      return "it is not a file";
    default:
      return "the system cannot read it";
  }
}

function linesLog(kind: AuditLog["kind"], lines: () => AsyncIterable<SourceLine>): AuditLog {
  return {
    kind,
    lines,
    highestId: undefined,
    reader: new LinesAuditReader(lines),
    close: () => Promise.resolve(),
  };
}

async function openDatabase(
  { adapters }: Pick<CommandContext, "adapters">,
  path: string,
): Promise<AuditLog> {
  const database = await adapters.openDatabase(path, { readOnly: true });
  const tables = await database.all(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit_events'",
  );
  if (tables.length === 0) {
    await database.close();
    throw new Error("the database has no table audit_events");
  }
  return {
    kind: "sqlite",
    lines: () => rowsOf(database),
    highestId: await highestId(database),
    reader: new SqlAuditReader(database),
    close: () => database.close(),
  };
}

const SQLITE_HEADER = "SQLite format 3\0";

async function hasSqliteHeader(
  { adapters }: Pick<CommandContext, "adapters">,
  path: string,
): Promise<boolean> {
  for await (const chunk of adapters.files.stream(path)) {
    return new TextDecoder("latin1").decode(chunk.subarray(0, SQLITE_HEADER.length)) ===
      SQLITE_HEADER;
  }
  return false;
}
