import { DatabaseError } from "../../core/ports/mod.ts";

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

/** What SQLite threw, as a fault that callers tell apart. */
export function databaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "errcode" in cause ? Number(cause.errcode) & 0xff : -1;
  const known = BY_CODE.get(code) ?? BY_TEXT.find(([text]) => message.includes(text))?.[1];
  return new DatabaseError(known ?? "other", message, { cause });
}
