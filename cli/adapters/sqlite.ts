import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Database,
  DatabaseError,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
} from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";

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
 * Opens an SQLite database in WAL mode; a new file is readable by its owner only.
 *
 * @throws {DatabaseError} when it cannot be opened
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Database> {
  if (!options.readOnly) return await openWith(() => connectToWrite(path), options);
  try {
    return await openWith(() => connectToRead(path), options);
  } catch (cause) {
    // Reading a WAL database takes a side file. Where none can be made and none is there, nobody writes either.
    if (databaseError(cause).code !== "other" || !isWhole(path)) throw cause;
    return await openWith(() => connectToRead(immutable(path)), options);
  }
}

async function openWith(connect: () => DatabaseSync, options: SqliteOptions): Promise<Database> {
  let connection: DatabaseSync;
  try {
    connection = connect();
    // We wait ourselves, without holding up everything else.
    connection.exec("PRAGMA busy_timeout = 0");
  } catch (cause) {
    throw databaseError(cause);
  }
  const database = new SqliteDatabase(connection, options.busyMs ?? BUSY_MS);
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

class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #connection: DatabaseSync;
  readonly #busyMs: number;
  readonly #prepared = new Map<string, StatementSync>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(connection: DatabaseSync, busyMs: number) {
    this.#connection = connection;
    this.#busyMs = busyMs;
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

/** SQLite's primary result codes that callers tell apart. */
const BY_CODE: ReadonlyMap<number, DatabaseError["code"]> = new Map([
  [5, "busy"],
  [6, "busy"],
  [8, "readonly"],
  [11, "corrupt"],
  [13, "full"],
  [26, "corrupt"],
]);

/** The same by SQLite's own fixed English texts: not every runtime passes the code on. */
const BY_TEXT: readonly (readonly [string, DatabaseError["code"]])[] = [
  ["database is locked", "busy"],
  ["database table is locked", "busy"],
  ["database schema is locked", "busy"],
  ["attempt to write a readonly database", "readonly"],
  ["database disk image is malformed", "corrupt"],
  ["file is not a database", "corrupt"],
  ["database or disk is full", "full"],
];

function databaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "errcode" in cause ? Number(cause.errcode) & 0xff : -1;
  const known = BY_CODE.get(code) ?? BY_TEXT.find(([text]) => message.includes(text))?.[1];
  return new DatabaseError(known ?? "other", message, { cause });
}
