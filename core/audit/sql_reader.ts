import type { JsonObject } from "../encoding/mod.ts";
import type { Database } from "../ports/mod.ts";
import { type AuditFilter, type AuditReader, filterEntries } from "./query.ts";
import { parseStored } from "./stored_record.ts";

/** Members that have a column of their own; the others are looked up in the stored JSON. */
const WITH_COLUMN: ReadonlySet<string> = new Set([
  "action_id",
  "trace_id",
  "event_type",
  "decision",
]);

/** Reads events from the table `audit_events`. */
export class SqlAuditReader implements AuditReader {
  readonly #database: Database;
  readonly #reach: number | undefined;

  /**
   * @param reach how many of the newest rows a question looks at that names neither an action nor a trace; all of them
   *   unless said
   */
  constructor(database: Database, reach?: number) {
    this.#database = database;
    this.#reach = reach;
  }

  async find(filter: AuditFilter, limit: number): Promise<readonly JsonObject[]> {
    const byAction = filter.actionId !== undefined;
    const indexed = byAction || filter.traceId !== undefined;
    const table = indexed || this.#reach === undefined
      ? "audit_events"
      : `(SELECT * FROM audit_events ORDER BY id DESC LIMIT ${this.#reach})`;
    const entries = filterEntries(filter);
    const where = entries.length === 0
      ? ""
      : `WHERE ${entries.map(([member]) => `${valueOf(member, byAction)} = ?`).join(" AND ")}`;
    const rows = await this.#database.all(
      `SELECT payload_json FROM ${table} ${where} ORDER BY id DESC LIMIT ?`,
      [...entries.map(([, wanted]) => wanted), limit],
    );
    return rows.toReversed().map((row) => parseStored(String(row.payload_json))).filter((event) =>
      event !== undefined
    );
  }
}

// Member names come from our own table, never from a caller. Rows of the original may hold text that is not JSON.
function valueOf(member: string, byAction: boolean): string {
  // An action has fewer rows than a trace: the plus keeps SQLite from taking the index of the trace.
  if (member === "trace_id" && byAction) return "+trace_id";
  if (WITH_COLUMN.has(member)) return member;
  return `CASE WHEN json_valid(payload_json) THEN json_extract(payload_json, '$.${member}') END`;
}
