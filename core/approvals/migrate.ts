import { type Database, DatabaseError, type SqlStatement } from "../ports/mod.ts";

/** The table as it has been from the beginning. Existing databases have at least this. */
const BASE_TABLE = `CREATE TABLE IF NOT EXISTS approvals (
  approval_id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  scope_type TEXT NOT NULL,
  scope_key TEXT NOT NULL,
  status TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  action_id TEXT NOT NULL,
  action_type TEXT NOT NULL,
  resource TEXT NOT NULL,
  params_hash TEXT NOT NULL,
  principal TEXT NOT NULL,
  agent TEXT NOT NULL,
  environment TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
)`;

/** Columns that came later, in the order in which they came. */
const ADDED_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["created_at_ms", "BIGINT"],
  ["expires_at_ms", "BIGINT"],
  ["preview", "TEXT"],
  ["decided_by", "TEXT"],
  ["decided_at", "TEXT"],
  ["channel", "TEXT"],
  ["decision_comment", "TEXT"],
];

const INDEXES: readonly string[] = [
  "CREATE INDEX IF NOT EXISTS idx_approvals_fingerprint ON approvals(fingerprint)",
  "CREATE INDEX IF NOT EXISTS idx_approvals_scope ON approvals(scope_type, scope_key)",
  "CREATE INDEX IF NOT EXISTS idx_approvals_created ON approvals(created_at_ms)",
];

/** Another process that opens the same database may be faster; then its work is found done. */
const ATTEMPTS = 5;
const BACKFILL_ROWS = 500;

/**
 * Brings the table of approvals to its present form, whatever form it has. Rows stay.
 *
 * @throws {DatabaseError} when the database cannot be changed
 */
export async function migrate(db: Database): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      await db.batch([{ sql: BASE_TABLE }]);
      const present = await columnsOf(db);
      const missing = ADDED_COLUMNS.filter(([name]) => !present.has(name));
      const statements: SqlStatement[] = missing.map(([name, type]) => ({
        sql: `ALTER TABLE approvals ADD COLUMN ${name} ${type}`,
      }));
      await db.batch([...statements, ...INDEXES.map((sql) => ({ sql }))]);
      break;
    } catch (cause) {
      const lostRace = cause instanceof DatabaseError && /^(busy|other)$/.test(cause.code);
      if (!lostRace || attempt === ATTEMPTS) throw cause;
    }
  }
  await fillTimes(db);
}

async function columnsOf(db: Database): Promise<ReadonlySet<string>> {
  const rows = db.dialect === "sqlite"
    ? await db.all("SELECT name FROM pragma_table_info('approvals')")
    : await db.all(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()",
      ["approvals"],
    );
  return new Set(rows.map((row) => String(row["name"])));
}

/** Older rows have their times as text only. A text that is no time makes a row that expired long ago. */
async function fillTimes(db: Database): Promise<void> {
  for (;;) {
    const rows = await db.all(
      `SELECT approval_id, created_at, expires_at FROM approvals
       WHERE created_at_ms IS NULL OR expires_at_ms IS NULL LIMIT ${BACKFILL_ROWS}`,
    );
    if (rows.length === 0) return;
    await db.batch(rows.map((row) => ({
      sql: "UPDATE approvals SET created_at_ms = ?, expires_at_ms = ? WHERE approval_id = ?",
      params: [
        timeOf(row["created_at"]),
        timeOf(row["expires_at"]),
        row["approval_id"] ?? null,
      ],
    })));
  }
}

function timeOf(text: unknown): number {
  const ms = Date.parse(String(text));
  return Number.isFinite(ms) ? Math.floor(ms) : 0;
}
