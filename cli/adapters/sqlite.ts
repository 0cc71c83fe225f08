import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Database,
  DatabaseError,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
} from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";
import { databaseError } from "./sqlite_fault.ts";

/** How a database is opened. */
export interface SqliteOptions {
  /** The file must exist, and stays as it is. */
  readonly readOnly?: boolean;
  /** `full` (the default): a commit survives power loss; `normal`: it survives the process. */
  readonly durability?: "full" | "normal";
  /** How long a lock of somebody else is waited for, in milliseconds; 250 by default. */
  readonly busyMs?: number;
}

/** Failing closed after a moment beats hanging. */
const BUSY_MS = 250;
const BUSY_PAUSE_MS = 5;
/** Statements come from our own code: a handful. */
const MAX_PREPARED = 64;

/**
 * Opens an SQLite database in WAL mode; a new file is readable by its owner only. When the file is removed or replaced
 * while it is open, every transaction fails with `closed`.
 *
 * @throws {DatabaseError} when it cannot be opened
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Database> {
  if (!options.readOnly) {
    return await openWith(() => connectToWrite(path), options, path === ":memory:" ? "" : path);
  }
  try {
    return await openWith(() => connectToRead(path), options);
  } catch (cause) {
    // Reading a WAL database takes a side file. Where none can be made and none is there, nobody writes either.
    if (databaseError(cause).code !== "other" || !isWhole(path)) throw cause;
    return await openWith(() => connectToRead(immutable(path)), options);
  }
}

async function openWith(
  connect: () => DatabaseSync,
  options: SqliteOptions,
  watched = "",
): Promise<Database> {
  let connection: DatabaseSync;
  try {
    connection = connect();
    // We wait ourselves, without holding up everything else.
    connection.exec("PRAGMA busy_timeout = 0");
  } catch (cause) {
    throw databaseError(cause);
  }
  const database = new SqliteDatabase(connection, options.busyMs ?? BUSY_MS, watched);
  try {
    if (!options.readOnly) {
      await database.pragma("journal_mode = WAL");
      await database.pragma(`synchronous = ${options.durability === "normal" ? "NORMAL" : "FULL"}`);
    }
    // Opening alone reads nothing: this finds out whether the file is a database.
    await database.all("SELECT count(*) AS n FROM sqlite_master");
    return database;
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

function connectToWrite(path: string): DatabaseSync {
  const { DatabaseSync } = builtin("node:sqlite");
  if (path !== ":memory:") createPrivate(path);
  return new DatabaseSync(path);
}

function connectToRead(path: string | URL): DatabaseSync {
  const { DatabaseSync } = builtin("node:sqlite");
  return new DatabaseSync(path, { readOnly: true });
}

/** Whether the file is there, and all of the database is in it: commits may still be in the WAL beside it. */
function isWhole(path: string): boolean {
  const fs = builtin("node:fs");
  const wal = fs.statSync(`${path}-wal`, { throwIfNoEntry: false });
  return fs.existsSync(path) && (wal === undefined || wal.size === 0);
}

/** Names a database that nobody can change. */
function immutable(path: string): URL {
  const url = new URL("file:///");
  url.pathname = builtin("node:path").resolve(path).replaceAll("\\", "/");
  url.searchParams.set("immutable", "1");
  return url;
}

// SQLite would create the file for everybody to read; its side files take the mode of the file.
function createPrivate(path: string): void {
  const fs = builtin("node:fs");
  if (!fs.existsSync(path)) fs.closeSync(fs.openSync(path, "a", 0o600));
}

function identityOf(path: string): string {
  if (path === "") return "";
  const found = builtin("node:fs").statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "gone" : `${found.dev}:${found.ino}`;
}

class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #connection: DatabaseSync;
  readonly #busyMs: number;
  /** The file that must stay where it is; empty: nothing is watched. */
  readonly #watched: string;
  readonly #identity: string;
  readonly #prepared = new Map<string, StatementSync>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(connection: DatabaseSync, busyMs: number, watched: string) {
    this.#connection = connection;
    this.#busyMs = busyMs;
    this.#watched = watched;
    this.#identity = identityOf(watched);
  }

  batch(statements: readonly SqlStatement[]): Promise<readonly number[]> {
    return this.#serially(() =>
      this.#transaction(() =>
        statements.map(({ sql, params = [] }) => Number(this.#prepare(sql).run(...params).changes))
      )
    );
  }

  insertMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    return this.#serially(() =>
      this.#transaction(() => {
        const statement = this.#prepare(sql);
        for (const row of rows) statement.run(...row);
      })
    );
  }

  all(sql: string, params: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    // The column types of SQLite are exactly those of `SqlValue`.
    return this.#serially(() => this.#prepare(sql).all(...params) as readonly SqlRow[]);
  }

  pragma(assignment: string): Promise<void> {
    return this.#serially(() => this.#connection.exec(`PRAGMA ${assignment}`));
  }

  close(): Promise<void> {
    return this.#inTurn(() => {
      if (this.#closed) return;
      this.#closed = true;
      this.#connection.close();
    });
  }

  #transaction<T>(work: () => T): T {
    // SQLite would go on writing to a file that has no name any more.
    if (identityOf(this.#watched) !== this.#identity) {
      throw new DatabaseError("closed", "the database file was removed or replaced");
    }
    this.#connection.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      this.#connection.exec("COMMIT");
      return value;
    } catch (cause) {
      this.#rollBack();
      throw cause;
    }
  }

  #rollBack(): void {
    try {
      this.#connection.exec("ROLLBACK");
    } catch {
      // SQLite rolls back by itself after some failures (a full disk); then there is no transaction left.
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** Runs work behind what came before, again and again while somebody else holds the lock. */
  #serially<T>(work: () => T): Promise<T> {
    return this.#inTurn(async () => {
      if (this.#closed) throw new DatabaseError("closed", "the database is closed");
      const deadline = performance.now() + this.#busyMs;
      for (;;) {
        try {
          return work();
        } catch (cause) {
          const error = databaseError(cause);
          if (error.code !== "busy" || performance.now() >= deadline) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
      }
    });
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
