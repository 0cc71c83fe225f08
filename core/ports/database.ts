/** A value that a database column holds. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** One row, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A statement with the parameters of one execution. Placeholders are `?`, in order. */
export interface SqlStatement {
  /** One statement, with `?` for each parameter. */
  readonly sql: string;
  /** Values for the placeholders, in order. */
  readonly params?: readonly SqlValue[];
}

/** A database fault that callers tell apart; everything else is thrown as it came. */
export class DatabaseError extends Error {
  /** `busy`: locked by another; `full`: no space; `readonly`; `corrupt`; `closed`; `other`. */
  readonly code: "busy" | "full" | "readonly" | "corrupt" | "closed" | "other";

  /** A fault with its code and cause. */
  constructor(code: DatabaseError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DatabaseError";
    this.code = code;
  }
}

/**
 * A small SQL database.
 *
 * Duties: `batch` runs all its statements in one transaction, durable when the promise resolves, and none of them
 * when it rejects; calls are serialized; failures are `DatabaseError`.
 */
export interface Database {
  /** Which SQL it speaks. */
  readonly dialect: "sqlite" | "postgres";
  /** Runs statements in one transaction; returns the number of rows each one changed. */
  batch(statements: readonly SqlStatement[]): Promise<readonly number[]>;
  /** Runs one prepared insert for many rows in one transaction. */
  insertMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;
  /** Reads rows. */
  all(sql: string, params?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Frees the connection. */
  close(): Promise<void>;
}
