import { fail, ok } from "../../encoding/mod.ts";
import type { Database, SqlStatement, SqlValue } from "../../ports/mod.ts";
import type { SealedRecord } from "../chain.ts";
import { SqlAuditReader } from "../sql_reader.ts";
import {
  type AuditSink,
  SinkFailure,
  type SinkKind,
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
      return ok(await openSqlite(spec, options));
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

async function openSqlite(spec: SinkSpec, options: SinkOptions): Promise<AuditSink> {
  const database = await options.ports.openDatabase(spec.target, {
    durability: options.durability,
  });
  try {
    await migrate(database);
  } catch (cause) {
    await database.close();
    throw cause;
  }
  return {
    name: sinkName(spec),
    memory: { newestFirst: () => rowsNewestFirst(database) },
    reader: new SqlAuditReader(database),
    async append(records) {
      try {
        await database.batch(insertsOf(records));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        // A transaction leaves nothing behind when it fails.
        throw new SinkFailure("none", message, { cause });
      }
    },
    takeRecoveries: () => [],
    close: () => database.close(),
  };
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
