import type { Database, SqlStatement, SqlValue } from "../ports/mod.ts";
import { migrate } from "./migrate.ts";
import { type ApprovalRecord, type ApprovalStatus, newestCreation, rfc3339 } from "./record.ts";
import { COLUMNS, recordsOf } from "./rows.ts";
import type { Binding } from "./scope.ts";

/** What is written into an approval when somebody decides it. */
export interface StoredDecision {
  readonly status: "APPROVED" | "DENIED";
  readonly by: string;
  readonly channel: string;
  readonly comment?: string;
}

/** Which approvals are listed. */
export interface ApprovalQuery {
  /** Default: every status. */
  readonly status?: ApprovalStatus;
  /** With `PENDING` or `APPROVED`: leaves out those that expired. */
  readonly liveAtMs?: number;
  /** How many at most, the newest first; default 50. */
  readonly limit?: number;
}

const LIVE = "expires_at_ms > ? AND created_at_ms <= ?";
const BOUND =
  "scope_type = ? AND scope_key = ? AND principal = ? AND agent = ? AND environment = ?";

/**
 * The table of approvals.
 *
 * INVARIANT: every change of status is one conditional update, so of many that try at once, in this process or
 * another, one succeeds and all others are told.
 */
export class ApprovalStore {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Takes a database, with or without the table.
   *
   * @throws {DatabaseError} when it cannot be read or brought up to date
   */
  static async open(db: Database): Promise<ApprovalStore> {
    await migrate(db);
    return new ApprovalStore(db);
  }

  /** Adds a pending approval unless a live one is bound to the same; tells whether it did. */
  async addUnlessPending(record: ApprovalRecord, nowMs: number): Promise<boolean> {
    const [changes] = await this.#db.batch([insertUnlessPending(record, nowMs)]);
    return changes === 1;
  }

  /** The newest live pending approval with this binding. */
  async findPending(binding: Binding, nowMs: number): Promise<ApprovalRecord | undefined> {
    const rows = await this.#db.all(
      `SELECT ${COLUMNS} FROM approvals WHERE ${BOUND} AND status = 'PENDING' AND ${LIVE}
       ORDER BY created_at_ms DESC LIMIT 1`,
      [...boundTo(binding), ...liveAt(nowMs)],
    );
    return recordsOf(rows)[0];
  }

  async byId(id: string): Promise<ApprovalRecord | undefined> {
    const rows = await this.#db.all(`SELECT ${COLUMNS} FROM approvals WHERE approval_id = ?`, [id]);
    return recordsOf(rows)[0];
  }

  async list(query: ApprovalQuery): Promise<readonly ApprovalRecord[]> {
    const conditions: string[] = [];
    const params: SqlValue[] = [];
    if (query.status !== undefined) {
      conditions.push("status = ?");
      params.push(query.status);
    }
    if (query.liveAtMs !== undefined) {
      conditions.push(LIVE);
      params.push(...liveAt(query.liveAtMs));
    }
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    const rows = await this.#db.all(
      `SELECT ${COLUMNS} FROM approvals ${where} ORDER BY created_at_ms DESC, approval_id LIMIT ?`,
      [...params, query.limit ?? 50],
    );
    return recordsOf(rows);
  }

  /** Decides a live pending approval; tells whether this call did. */
  async decide(id: string, decision: StoredDecision, nowMs: number): Promise<boolean> {
    const at = rfc3339(nowMs);
    const [changes] = await this.#db.batch([{
      sql: `UPDATE approvals SET status = ?, decided_by = ?, channel = ?, decision_comment = ?,
              decided_at = ?, updated_at = ?
            WHERE approval_id = ? AND status = 'PENDING' AND ${LIVE}`,
      params: [
        decision.status,
        decision.by,
        decision.channel,
        decision.comment ?? null,
        at,
        at,
        id,
        ...liveAt(nowMs),
      ],
    }]);
    return changes === 1;
  }

  /**
   * Spends a live approval of one action; tells whether this call did.
   *
   * @param binding of the fingerprint scope
   */
  async spend(id: string, binding: Binding, nowMs: number): Promise<boolean> {
    const [changes] = await this.#db.batch([{
      sql: `UPDATE approvals SET status = 'USED', updated_at = ?
            WHERE approval_id = ? AND status = 'APPROVED' AND ${BOUND} AND ${LIVE}`,
      params: [
        rfc3339(nowMs),
        id,
        ...boundTo(binding),
        ...liveAt(nowMs),
      ],
    }]);
    return changes === 1;
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

function boundTo(binding: Binding): SqlValue[] {
  const { scopeType, scopeKey, principal, agent, environment } = binding;
  return [scopeType, scopeKey, principal, agent, environment];
}

function liveAt(nowMs: number): SqlValue[] {
  return [nowMs, newestCreation(nowMs)];
}

/** The casts tell PostgreSQL the types that it cannot see behind a SELECT. */
function insertUnlessPending(record: ApprovalRecord, nowMs: number): SqlStatement {
  return {
    sql: `INSERT INTO approvals (approval_id, fingerprint, scope_type, scope_key, status, trace_id,
            action_id, action_type, resource, params_hash, principal, agent, environment,
            created_at, expires_at, updated_at, created_at_ms, expires_at_ms, preview)
          SELECT ?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            CAST(? AS BIGINT), CAST(? AS BIGINT), ?
          WHERE NOT EXISTS (
            SELECT 1 FROM approvals WHERE ${BOUND} AND status = 'PENDING' AND ${LIVE})`,
    params: [
      record.id,
      record.fingerprint,
      record.scopeType,
      record.scopeKey,
      record.traceId,
      record.actionId,
      record.actionType,
      record.resource,
      record.paramsHash,
      record.principal,
      record.agent,
      record.environment,
      rfc3339(record.createdAtMs),
      rfc3339(record.expiresAtMs),
      rfc3339(record.updatedAtMs),
      record.createdAtMs,
      record.expiresAtMs,
      record.preview,
      ...boundTo(record),
      ...liveAt(nowMs),
    ],
  };
}
