import type { Config } from "./schema.ts";

/** The SQLite database that approvals are kept in; `undefined` when they are kept elsewhere. */
export function approvalsPath({ approvals }: Config): string | undefined {
  const { store } = approvals;
  if (store === undefined) return approvals.store_path;
  return store.startsWith("sqlite:") ? store.slice("sqlite:".length) : undefined;
}
