import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqlite } from "../../../../cli/adapters/sqlite.ts";
import { type Database, DatabaseError } from "../../../../core/ports/mod.ts";
import { temporaryFolder } from "../../../support/audit.ts";

function newPath(): string {
  return join(temporaryFolder(), "test.db");
}

async function withTable(path = newPath()): Promise<Database> {
  const database = await openSqlite(path, { busyMs: 20 });
  await database.batch([{ sql: "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)" }]);
  return database;
}

function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no error",
    (error) => error instanceof DatabaseError ? error.code : error,
  );
}

describe("a database", () => {
  it("is in WAL mode and readable by its owner only", async () => {
    const path = newPath();
    const database = await withTable(path);
    expect(await database.all("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(await database.all("PRAGMA synchronous")).toEqual([{ synchronous: 2 }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    await database.close();
  });

  it("syncs less when it need only survive the process", async () => {
    const database = await openSqlite(newPath(), { durability: "normal" });
    expect(await database.all("PRAGMA synchronous")).toEqual([{ synchronous: 1 }]);
    await database.close();
  });

  it("runs a batch as one transaction and counts the rows", async () => {
    const database = await withTable();
    const insert = "INSERT INTO t(b) VALUES(?)";
    const counts = await database.batch([
      { sql: insert, params: ["x"] },
      { sql: insert, params: ["y"] },
      { sql: "UPDATE t SET b = ?", params: ["z"] },
    ]);
    expect(counts).toEqual([1, 1, 2]);
    await database.close();
  });

  it("leaves nothing of a batch that fails", async () => {
    const database = await withTable();
    const failing = database.batch([
      { sql: "INSERT INTO t(b) VALUES('x')" },
      { sql: "INSERT INTO nowhere VALUES(1)" },
    ]);
    expect(await codeOf(failing)).toBe("other");
    const rows = database.insertMany("INSERT INTO t(a, b) VALUES(?, ?)", [[1, "x"], [1, "y"]]);
    expect(await codeOf(rows)).toBe("other");
    expect(await database.all("SELECT * FROM t")).toEqual([]);
    await database.close();
  });

  it("keeps every kind of value", async () => {
    const database = await withTable();
    await database.batch([{ sql: "CREATE TABLE v(a, b, c, d)" }]);
    const row = ["text", 1.5, null, new Uint8Array([1, 2])];
    await database.insertMany("INSERT INTO v VALUES(?, ?, ?, ?)", [row]);
    expect(await database.all("SELECT * FROM v")).toEqual([
      { a: "text", b: 1.5, c: null, d: new Uint8Array([1, 2]) },
    ]);
    await database.close();
  });

  it("waits a moment for another's lock, then says that it is busy", async () => {
    const path = newPath();
    const one = await withTable(path);
    const other = await openSqlite(path, { busyMs: 300 });
    await other.all("SELECT 1");
    await one.all("BEGIN IMMEDIATE");
    const waiting = other.batch([{ sql: "INSERT INTO t(b) VALUES('x')" }]);
    setTimeout(() => void one.all("COMMIT"), 30);
    expect(await waiting).toEqual([1]);
    await other.all("BEGIN IMMEDIATE");
    expect(await codeOf(one.batch([{ sql: "INSERT INTO t(b) VALUES('y')" }]))).toBe("busy");
    await other.all("ROLLBACK");
    await one.close();
    await other.close();
  });

  it("reads while another writes", async () => {
    const path = newPath();
    const writer = await withTable(path);
    await writer.all("BEGIN IMMEDIATE");
    const reader = await openSqlite(path, { readOnly: true });
    expect(await reader.all("SELECT * FROM t")).toEqual([]);
    expect(await codeOf(reader.batch([{ sql: "DELETE FROM t" }]))).toBe("readonly");
    await writer.all("ROLLBACK");
    await reader.close();
    await writer.close();
  });

  it("says that it is full", async () => {
    const database = await withTable();
    await database.all("PRAGMA max_page_count = 10");
    const rows = Array.from({ length: 100 }, () => ["x".repeat(1000)]);
    expect(await codeOf(database.insertMany("INSERT INTO t(b) VALUES(?)", rows))).toBe("full");
    expect(await database.all("SELECT * FROM t")).toEqual([]);
    expect(await database.batch([{ sql: "INSERT INTO t(b) VALUES('x')" }])).toEqual([1]);
    await database.close();
  });

  it("says that it is closed, and may be closed twice", async () => {
    const database = await withTable();
    await database.close();
    await database.close();
    expect(await codeOf(database.all("SELECT 1"))).toBe("closed");
  });

  it.each([
    ["a file that is none", "corrupt", (path: string) => writeFileSync(path, "x".repeat(5000))],
    ["a folder that does not exist", "other", () => {}, "missing/test.db"],
  ])("is refused for %s", async (_, code, prepare, name = "test.db") => {
    const path = join(temporaryFolder(), name);
    prepare(path);
    expect(await codeOf(openSqlite(path))).toBe(code);
  });

  it("is not made by opening it to read", async () => {
    const path = newPath();
    expect(await codeOf(openSqlite(path, { readOnly: true }))).toBe("other");
    expect(() => statSync(path)).toThrow();
  });
});
