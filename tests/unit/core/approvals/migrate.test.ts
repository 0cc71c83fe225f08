import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqlite } from "../../../../cli/adapters/sqlite.ts";
import { ManualClock } from "../../../support/manual_clock.ts";
import { approvalsOf, asIs, factsOf, ONCE, temporaryFolder } from "./support.ts";

const OLD_TABLE = `CREATE TABLE approvals (
  approval_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, scope_type TEXT NOT NULL,
  scope_key TEXT NOT NULL, status TEXT NOT NULL, trace_id TEXT NOT NULL, action_id TEXT NOT NULL,
  action_type TEXT NOT NULL, resource TEXT NOT NULL, params_hash TEXT NOT NULL,
  principal TEXT NOT NULL, agent TEXT NOT NULL, environment TEXT NOT NULL,
  created_at TEXT NOT NULL, expires_at TEXT NOT NULL, updated_at TEXT NOT NULL)`;
const OLD_ROW = `INSERT INTO approvals VALUES
  (?, 'f', 'fingerprint', 'f', 'PENDING', 't', 'a', 'x.y', 'x://y/z', 'h', 'p', 'g', 'dev', ?, ?, ?)`;

async function oldDatabase(rows: readonly (readonly string[])[]): Promise<string> {
  const path = join(temporaryFolder(), "approvals.db");
  const db = await openSqlite(path);
  await db.batch([{ sql: OLD_TABLE }]);
  await db.insertMany(OLD_ROW, rows);
  await db.close();
  return path;
}

describe("a database of approvals from an older version", () => {
  it("keeps its approvals, with their times to the millisecond", async () => {
    const path = await oldDatabase([
      ["apr_a", "2023-11-14T22:10:00Z", "2023-11-14T22:25:00.123456789Z", "2023-11-14T22:10:00Z"],
    ]);
    const approvals = await approvalsOf({}, { path });
    expect(await approvals.get("apr_a")).toMatchObject({
      ok: true,
      value: {
        status: "PENDING",
        principal: "p",
        preview: "",
        createdAtMs: Date.parse("2023-11-14T22:10:00Z"),
        expiresAtMs: Date.parse("2023-11-14T22:25:00.123Z"),
      },
    });
    const decided = await approvals.decide("apr_a", "APPROVE", { by: "op", channel: "cli" });
    expect(decided.ok).toBe(true);
  });

  it("is migrated whole, however many rows it has, and only once", async () => {
    const rows = Array.from({ length: 1_203 }, (_, i) => {
      return [`apr_${i}`, "2023-11-14T22:10:00Z", "2023-11-14T22:25:00Z", "2023-11-14T22:10:00Z"];
    });
    const path = await oldDatabase(rows);
    for (let i = 0; i < 2; i++) {
      const approvals = await approvalsOf({}, { path });
      const clock = new ManualClock();
      expect(await approvals.list({ liveAtMs: clock.now(), limit: 5_000 })).toHaveLength(1_203);
      await approvals.close();
    }
  });

  it("treats a time nobody can read as long past", async () => {
    const path = await oldDatabase([["apr_a", "yesterday", "tomorrow", "now"]]);
    const approvals = await approvalsOf({}, { path });
    const decided = await approvals.decide("apr_a", "APPROVE", { by: "op", channel: "cli" });
    expect(decided).toMatchObject({ reason: { code: "approval_expired" } });
  });

  it("can be opened by several at once", async () => {
    const path = await oldDatabase([]);
    const all = await Promise.all([1, 2, 3, 4].map(() => approvalsOf({}, { path })));
    const [first, second] = all;
    const asked = await first?.request(factsOf(), ONCE, asIs);
    expect(await second?.get(asked?.record.id ?? "")).toMatchObject({ ok: true });
  });

  it("ignores rows with a status or scope nobody knows", async () => {
    const path = await oldDatabase([]);
    const approvals = await approvalsOf({}, { path });
    const { record } = await approvals.request(factsOf(), ONCE, asIs);
    const db = await openSqlite(path);
    await db.batch([{ sql: "UPDATE approvals SET status = 'GRANTED'" }]);
    await db.close();
    expect(await approvals.get(record.id)).toMatchObject({ reason: { code: "approval_unknown" } });
    expect(await approvals.claim(record.id, factsOf(), ONCE)).toBeUndefined();
  });
});
