import { fail, ok } from "../../encoding/mod.ts";
import { type Database, DatabaseError, type SqlStatement, type SqlValue } from "../../ports/mod.ts";
import type { SealedRecord } from "../chain.ts";
import type { AuditReader } from "../query.ts";
import { SqlAuditReader } from "../sql_reader.ts";
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
import { COLUMNS, columnsOf, migrate } from "./sqlite_schema.ts";

/** Records as rows of an SQLite database; *durable*: one transaction a batch. */
export const sqliteSink: SinkKind = {
  name: "sqlite",
  target: "path",
  durable: true,
  open: async (spec, options) => {
    try {
      return ok(await SqliteSink.open(spec, options));
    } catch (cause) {
      return fail(sinkProblem(spec, "the database cannot be used", cause));
    }
  },
};

/** Rows of one statement: eight at a time are a sixth quicker than one at a time, more gain nothing. */
const ROWS = 8;
const INSERT_ONE = insertSql(1);
const INSERT_MANY = insertSql(ROWS);

function insertSql(rows: number): string {
  const row = `(${COLUMNS.map(() => "?").join(", ")})`;
  const values = Array.from({ length: rows }, () => row).join(", ");
  return `INSERT INTO audit_events(${COLUMNS.join(", ")}) VALUES ${values}`;
}

/** Rows that a question without an action or a trace looks at: questions must not hold up what is being recorded. */
const READER_REACH = 50_000;

class SqliteSink implements AuditSink {
  readonly name: string;
  readonly memory: SinkMemory = { newestFirst: () => rowsNewestFirst(this.#database) };
  readonly reader: AuditReader = {
    find: (filter, limit) => new SqlAuditReader(this.#database, READER_REACH).find(filter, limit),
  };
  readonly #open: () => Promise<Database>;
  #database: Database;

  static async open(spec: SinkSpec, { ports, durability }: SinkOptions): Promise<SqliteSink> {
    const open = () => openTable(() => ports.openDatabase(spec.target, { durability }));
    return new SqliteSink(sinkName(spec), open, await open());
  }

  private constructor(name: string, open: () => Promise<Database>, database: Database) {
    this.name = name;
    this.#open = open;
    this.#database = database;
  }

  async append(records: readonly SealedRecord[]): Promise<void> {
    try {
      await this.#database.batch(insertsOf(records));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      if (!(cause instanceof DatabaseError && cause.code === "closed")) {
        // A transaction leaves nothing behind when it fails.
        throw new SinkFailure("none", message, { cause });
      }
      // Somebody removed the file: a new one takes its place, and what was in the old one is gone.
      await this.#database.close();
      this.#database = await this.#open();
      throw new SinkFailure("unknown", message, { cause });
    }
  }

  takeRecoveries(): readonly Recovery[] {
    return [];
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

async function openTable(open: () => Promise<Database>): Promise<Database> {
  const database = await open();
  try {
    await migrate(database);
    return database;
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

function insertsOf(records: readonly SealedRecord[]): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  const whole = records.length - records.length % ROWS;
  for (let i = 0; i < whole; i += ROWS) {
    statements.push({ sql: INSERT_MANY, params: records.slice(i, i + ROWS).flatMap(toRow) });
  }
  for (const record of records.slice(whole)) {
    statements.push({ sql: INSERT_ONE, params: toRow(record) });
  }
  return statements;
}

function toRow({ event, timestamp, line }: SealedRecord): SqlValue[] {
  const columns = columnsOf({ ...event, timestamp });
  return COLUMNS.map((name) => name === "payload_json" ? line : columns[name]);
}

const PAGE = 500;
/** How many rows are looked at from the end. */
const REACH = 10_000;

async function* rowsNewestFirst(database: Database): AsyncGenerator<string> {
  let before: SqlValue = Number.MAX_SAFE_INTEGER;
  for (let seen = 0; seen < REACH; seen += PAGE) {
    const rows = await database.all(
      "SELECT id, payload_json FROM audit_events WHERE id < ? ORDER BY id DESC LIMIT ?",
      [before, PAGE],
    );
    for (const row of rows) {
      before = row.id ?? 0;
      yield String(row.payload_json);
    }
    if (rows.length < PAGE) return;
  }
}
