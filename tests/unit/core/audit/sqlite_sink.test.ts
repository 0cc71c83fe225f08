import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqlite } from "../../../../cli/adapters/sqlite.ts";
import {
  findAuthorization,
  highestId,
  openRecorder,
  rowsOf,
  SqlAuditReader,
  verifyAudit,
  type VerifyOptions,
} from "../../../../core/audit/mod.ts";
import { portableDigest } from "../../../../core/encoding/mod.ts";
import type { Database } from "../../../../core/ports/mod.ts";
import { auditPorts, decision, openTestRecorder, temporaryFolder } from "../../../support/audit.ts";
import { MemoryStorage } from "../../../support/memory_storage.ts";

const ORIGINAL_TABLE =
  "CREATE TABLE audit_events(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, trace_id TEXT, " +
  "action_id TEXT, event_type TEXT, decision TEXT, result_classification TEXT, retryable INTEGER, payload_json TEXT)";
const ORIGINAL_ROW =
  '{"schema_version":"v1","event_type":"action.decision","trace_id":"t","action_id":"old",' +
  '"decision":"ALLOW","principal":"system","agent":"nomos","environment":"dev","event_hash":"00"}';

function newPath(): string {
  return join(temporaryFolder(), "audit.db");
}

async function verifyDatabase(path: string, more: Partial<VerifyOptions> = {}) {
  const database = await openSqlite(path, { readOnly: true });
  const options = { digest: portableDigest, highestId: await highestId(database), ...more };
  const report = await verifyAudit(rowsOf(database), options);
  await database.close();
  return report;
}

async function change(path: string, sql: string): Promise<void> {
  const database = await openSqlite(path);
  await database.batch([{ sql }]);
  await database.close();
}

async function recordThree(path: string): Promise<void> {
  const recorder = await openTestRecorder(`sqlite:${path}`, auditPorts());
  for (const id of ["a", "b", "c"]) await recorder.record([decision(id)]);
  await recorder.close();
}

describe("the table", () => {
  it("has a row for each event, with what is searched for in columns", async () => {
    const path = newPath();
    const recorder = await openTestRecorder(`sqlite:${path}`, auditPorts());
    await recorder.record([
      { event_type: "trace.start", trace_id: "t" },
      decision("a", { result_classification: "SUCCESS", retryable: true }),
    ]);
    const database = await openSqlite(path, { readOnly: true });
    const columns =
      "id, trace_id, action_id, event_type, decision, result_classification, retryable";
    expect(await database.all(`SELECT ${columns} FROM audit_events`)).toEqual([
      {
        id: 1,
        trace_id: "t",
        action_id: "-",
        event_type: "trace.start",
        decision: "",
        result_classification: "",
        retryable: 0,
      },
      {
        id: 2,
        trace_id: "trace_1",
        action_id: "a",
        event_type: "action.decision",
        decision: "ALLOW",
        result_classification: "SUCCESS",
        retryable: 1,
      },
    ]);
    await database.close();
    await recorder.close();
  });

  it("is added to in a database of the original, whose rows stay as they are", async () => {
    const path = newPath();
    await change(path, ORIGINAL_TABLE);
    await change(path, `INSERT INTO audit_events(payload_json) VALUES('${ORIGINAL_ROW}')`);
    await recordThree(path);
    await recordThree(path);
    expect(await verifyDatabase(path)).toMatchObject({
      status: "intact",
      chains: [{ first_seq: 1, last_seq: 8 }],
      legacy: { events: 1, legacy_unverifiable: 1 },
    });
    const database = await openSqlite(path, { readOnly: true });
    expect(await indexedColumns(database)).toEqual(["action_id", "timestamp", "trace_id"]);
    await database.close();
  });

  it("gets no second index where the original has one", async () => {
    const path = newPath();
    await change(path, ORIGINAL_TABLE);
    await change(path, "CREATE INDEX idx_trace ON audit_events(trace_id)");
    await recordThree(path);
    const database = await openSqlite(path, { readOnly: true });
    expect(await indexedColumns(database)).toEqual(["action_id", "timestamp", "trace_id"]);
    await database.close();
  });

  it("is refused when it is another one of that name", async () => {
    const path = newPath();
    await change(path, "CREATE TABLE audit_events(id INTEGER, timestamp TEXT)");
    const opened = await openRecorder({
      sinks: [{ kind: "sqlite", target: path }],
      ports: auditPorts(new MemoryStorage()),
    });
    expect(opened.ok ? "" : opened.reason[0]?.message).toMatch(/has no column trace_id/);
  });
});

async function indexedColumns(database: Database): Promise<unknown[]> {
  const rows = await database.all(
    "SELECT i.name AS name FROM pragma_index_list('audit_events') l, pragma_index_info(l.name) i",
  );
  return rows.map((row) => row.name).sort();
}

describe("verifying a table", () => {
  it.each<[string, string, object]>([
    [
      "a changed event",
      "UPDATE audit_events SET payload_json = replace(payload_json, '\"b\"', '\"x\"') WHERE id = 2",
      { kind: "event_changed", at: 2 },
    ],
    [
      "a changed column",
      "UPDATE audit_events SET decision = 'DENY' WHERE id = 2",
      { kind: "columns_changed", at: 2 },
    ],
    ["a deleted row", "DELETE FROM audit_events WHERE id = 2", { kind: "gap", at: 3 }],
    [
      "rows deleted from the end",
      "DELETE FROM audit_events WHERE id > 2",
      { kind: "cut_tail", message: "rows 3 to 4 were deleted from the end" },
    ],
    [
      "an event that is gone but for its row",
      "UPDATE audit_events SET payload_json = NULL WHERE id = 2",
      { kind: "unreadable_line", at: 2 },
    ],
  ])("finds %s", async (_, sql, found) => {
    const path = newPath();
    await recordThree(path);
    expect((await verifyDatabase(path)).status).toBe("intact");
    await change(path, sql);
    const report = await verifyDatabase(path);
    expect(report.status).toBe("broken");
    expect(report.first_broken).toMatchObject(found);
  });
});

describe("a table whose end was cut", () => {
  it("shows it even when the log went on afterwards", async () => {
    const path = newPath();
    await recordThree(path);
    await change(path, "DELETE FROM audit_events WHERE id > 2");
    await recordThree(path);
    const report = await verifyDatabase(path);
    expect(report.chains).toMatchObject([{ first_seq: 1, last_seq: 7 }]);
    expect(report).toMatchObject({
      status: "broken",
      first_broken: { kind: "deleted_rows", at: 5, seq: 3 },
    });
  });

  it("is a warning only where rows of the original are gone", async () => {
    const path = newPath();
    await change(path, ORIGINAL_TABLE);
    for (let i = 0; i < 3; i++) {
      await change(path, `INSERT INTO audit_events(payload_json) VALUES('${ORIGINAL_ROW}')`);
    }
    await change(path, "DELETE FROM audit_events WHERE id <> 2");
    await recordThree(path);
    expect(await verifyDatabase(path)).toMatchObject({
      status: "intact",
      warnings: ["1 legacy events cannot be verified", "2 rows among legacy events are gone"],
    });
  });
});

describe("a database that is removed while it is written", () => {
  it("refuses, and begins a new chain in a new one", async () => {
    const path = newPath();
    const recorder = await openTestRecorder(`sqlite:${path}`, auditPorts());
    await recorder.record([decision("a")]);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`);
    expect((await recorder.record([decision("b")])).ok).toBe(false);
    expect((await recorder.record([decision("c")])).ok).toBe(true);
    await recorder.close();
    expect(await verifyDatabase(path)).toMatchObject({
      status: "intact",
      chains: [{ first_seq: 1, events: 3 }],
    });
  });
});

describe("asking a recorder", () => {
  it("finds events by what they say, the newest ones, oldest first", async () => {
    const recorder = await openTestRecorder(`stdout,sqlite:${newPath()}`, auditPorts());
    for (const id of ["a", "b", "c"]) {
      await recorder.record([decision(id), decision(id, { principal: "it's" })]);
    }
    const find = async (filter: object, limit = 10) =>
      (await recorder.reader?.find(filter, limit))?.map((event) => event.action_id);
    expect(await find({})).toEqual(["a", "a", "b", "b", "c", "c"]);
    expect(await find({}, 3)).toEqual(["b", "c", "c"]);
    expect(await find({ actionId: "b", principal: "it's" })).toEqual(["b"]);
    expect(await find({ actionType: "fs.write" })).toEqual([]);
    expect(await find({ traceId: "trace_1", environment: "dev", agent: "nomos" }, 1)).toEqual([
      "c",
    ]);
    await recorder.close();
  });

  it("finds the authorization of exactly this action, trace and identity", async () => {
    const recorder = await openTestRecorder(`sqlite:${newPath()}`, auditPorts());
    await recorder.record([decision("a"), decision("b", { decision: "DENY" })]);
    const { reader } = recorder;
    if (reader === undefined) throw new Error("no reader");
    const query = {
      actionId: "a",
      traceId: "trace_1",
      principal: "system",
      agent: "nomos",
      environment: "dev",
    };
    expect((await findAuthorization(reader, query))?.resource).toBe("file://workspace/README.md");
    for (const [name, value] of Object.entries(query)) {
      expect(await findAuthorization(reader, { ...query, [name]: `${value}x` })).toBeUndefined();
    }
    expect(await findAuthorization(reader, { ...query, actionId: "b" })).toBeUndefined();
    await recorder.close();
  });

  it("uses the index of the action, however long its trace is", async () => {
    const path = newPath();
    await recordThree(path);
    const database = await openSqlite(path, { readOnly: true });
    const asked: string[] = [];
    const reader = new SqlAuditReader({
      ...database,
      all: (sql, params) => {
        asked.push(sql);
        return database.all(sql, params);
      },
    });
    await reader.find({ traceId: "trace_1", actionId: "a", principal: "system" }, 1);
    const plan = await database.all(`EXPLAIN QUERY PLAN ${asked[0]}`, ["a", "t", "p", 1]);
    expect(String(plan[0]?.detail)).toContain("nomos_audit_action_id");
    await database.close();
  });

  it("looks at the newest rows only where no index helps, if so told", async () => {
    const path = newPath();
    await recordThree(path);
    const database = await openSqlite(path, { readOnly: true });
    const find = async (reach?: number) =>
      (await new SqlAuditReader(database, reach).find({ principal: "system" }, 10)).length;
    expect([await find(), await find(2)]).toEqual([3, 1]);
    await database.close();
  });

  it("is not possible where nothing can be searched", async () => {
    const recorder = await openTestRecorder("stdout", auditPorts());
    expect(recorder.reader).toBeUndefined();
  });
});
