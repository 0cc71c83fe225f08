import { type Database, DatabaseError, type SqlValue } from "../../ports/mod.ts";

/** The columns of the table, in the order they are inserted; `id` counts by itself. */
export const COLUMNS = [
  "timestamp",
  "trace_id",
  "action_id",
  "event_type",
  "decision",
  "result_classification",
  "retryable",
  "payload_json",
] as const;

const CREATE = `CREATE TABLE IF NOT EXISTS audit_events(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp TEXT,
  trace_id TEXT,
  action_id TEXT,
  event_type TEXT,
  decision TEXT,
  result_classification TEXT,
  retryable INTEGER,
  payload_json TEXT
)`;

const INDEXED = ["trace_id", "action_id", "timestamp"] as const;

const FIRST_COLUMNS_OF_INDEXES = `SELECT i.name AS name
  FROM sqlite_master m JOIN pragma_index_info(m.name) i
  WHERE m.type = 'index' AND m.tbl_name = 'audit_events' AND i.seqno = 0`;

/**
 * Makes the table, or adds to an existing one what it lacks, in one transaction. Existing rows are not touched; a
 * database that lacks nothing is not written.
 *
 * @throws {DatabaseError} when the database has another table of that name
 */
export async function migrate(database: Database): Promise<void> {
  const columns = await namesOf(database, "SELECT name FROM pragma_table_info('audit_events')");
  const lacking = columns.size === 0 ? [] : COLUMNS.filter((name) => !columns.has(name));
  if (lacking.length > 0) {
    throw new DatabaseError("other", `table audit_events has no column ${lacking.join(", ")}`);
  }
  const indexed = await namesOf(database, FIRST_COLUMNS_OF_INDEXES);
  const steps = INDEXED.filter((name) => !indexed.has(name)).map((name) =>
    `CREATE INDEX IF NOT EXISTS nomos_audit_${name} ON audit_events(${name})`
  );
  if (columns.size === 0) steps.unshift(CREATE);
  if (steps.length > 0) await database.batch(steps.map((sql) => ({ sql })));
}

async function namesOf(database: Database, sql: string): Promise<ReadonlySet<string>> {
  return new Set((await database.all(sql)).map((row) => String(row.name)));
}

/** What the columns beside `payload_json` say of an event. */
export function columnsOf(event: {
  readonly timestamp?: unknown;
  readonly trace_id?: unknown;
  readonly action_id?: unknown;
  readonly event_type?: unknown;
  readonly decision?: unknown;
  readonly result_classification?: unknown;
  readonly retryable?: unknown;
}): Readonly<Record<Exclude<(typeof COLUMNS)[number], "payload_json">, SqlValue>> {
  return {
    timestamp: textOr(event.timestamp, ""),
    trace_id: textOr(event.trace_id, ""),
    action_id: textOr(event.action_id, "-"),
    event_type: textOr(event.event_type, ""),
    decision: textOr(event.decision, ""),
    result_classification: textOr(event.result_classification, ""),
    retryable: event.retryable === true ? 1 : 0,
  };
}

function textOr(value: unknown, none: string): string {
  return typeof value === "string" && value !== "" ? value : none;
}
