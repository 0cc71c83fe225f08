import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";

/** What was read: decoded text is made by the caller, bytes are as stored. */
export interface ReadBytes {
  readonly bytes: Uint8Array;
  /** Whether the file goes on behind what was read. */
  readonly more: boolean;
}

/** A file of the workspace, held by handle: what is checked is what is used. */
export interface HeldFile {
  /** Workspace path after following symlinks inside the workspace, `/`-separated, no leading slash. */
  readonly resolvedPath: string;
  readonly exists: boolean;
  /**
   * Reads from the held handle, never from a path again. Streams: at most `maxBytes` are kept in memory.
   *
   * @param options.offsetLine first line wanted, from 1
   * @param options.limitLines most lines wanted
   * @param options.maxBytes stop after this many bytes
   */
  read(options: { offsetLine?: number; limitLines?: number; maxBytes: number }): Promise<
    Result<ReadBytes, Refusal>
  >;
  /**
   * Replaces the file atomically: temporary file in the same folder, fsync, rename, fsync of the folder. Missing
   * parents are created. A new file gets 0600, an existing one keeps its mode. Interrupted, the old file stays whole.
   */
  replace(content: Uint8Array): Promise<Result<{ bytesWritten: number }, Refusal>>;
  /** Frees the handles. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * The one folder actions may touch.
 *
 * Duties: no path leaves it, whatever symlinks, `..`, `/proc`, mounts or concurrent renames try; only regular files
 * are opened, and nothing blocks on a FIFO or device; the check is on the opened file. Files that Nomos itself uses
 * are refused by identity (`protected_path`). Refusals: `not_found`, `invalid_resource`, `protected_path`,
 * `execution_error`.
 */
export interface Workspace {
  /** Absolute path of the root, for messages to the operator and for sandboxes; never sent to agents. */
  readonly root: string;
  /** Whether the file system folds case (probed once). */
  readonly caseInsensitive: boolean;
  /** `race_free`: handles are walked component by component; `best_effort`: what this system allows. */
  readonly guarantee: "race_free" | "best_effort";
  /**
   * Resolves and holds a file before anything is decided. Changes nothing in the workspace.
   *
   * @param path workspace path, `/`-separated, as normalized
   * @param intent a file to `write` need not exist, nor its parents
   */
  hold(path: string, intent: "read" | "write"): Promise<Result<HeldFile, Refusal>>;
}
