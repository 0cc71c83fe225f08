import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";

/** What was read: decoded text is made by the caller, bytes are as stored. */
export interface ReadBytes {
  /** The content, as stored. */
  readonly bytes: Uint8Array;
  /** Whether bytes that were asked for are missing because `maxBytes` was reached. */
  readonly cut: boolean;
  /**
   * What stands in front of the first line wanted, {@link BEFORE_BYTES} of it at most: a secret may have begun there.
   * Absent when nothing was skipped.
   */
  readonly before?: Uint8Array;
}

/** Most bytes of what stands in front of the first line wanted. */
export const BEFORE_BYTES = 65_536;

/** Which part of a file is wanted. */
export interface ReadOptions {
  /** First line wanted, from 1; lines end at `\n`. */
  readonly offsetLine?: number;
  /** Most lines wanted. */
  readonly limitLines?: number;
  /** Stop after this many bytes. */
  readonly maxBytes: number;
  /** Ends a long read early. */
  readonly signal?: AbortSignal;
}

/** Names of files by which a workspace keeps its promises; they look the same whatever the case. */
const RESERVED_NAME = /^\.nomos-(tmp|journal|commit|undo)-/iu;

/** Whether a file of that name belongs to Nomos: temporary files and journals, which no action may touch. */
export function isReservedName(name: string): boolean {
  return RESERVED_NAME.test(name);
}

/** A file of the workspace, held by handle: what is checked is what is used. */
export interface HeldFile {
  /** Workspace path after following symlinks inside the workspace, `/`-separated, no leading slash. */
  readonly resolvedPath: string;
  /** Whether the file is there. */
  readonly exists: boolean;
  /** Whether the last name of the path is itself a symlink. */
  readonly isLink: boolean;
  /** Permission bits of an existing file; 0 when there is none, or where the system has none. */
  readonly mode: number;
  /** Reads from the held handle, never from a path again. Streams: at most `maxBytes` are kept in memory. */
  read(options: ReadOptions): Promise<Result<ReadBytes, Refusal>>;
  /**
   * Replaces the file atomically: temporary file in the same folder, fsync, rename, fsync of the folder. Missing
   * parents are created. A new file gets 0600, an existing one keeps its mode. Interrupted, the old file stays whole.
   */
  replace(content: Uint8Array): Promise<Result<{ bytesWritten: number }, Refusal>>;
  /** Frees the handles. Safe to call twice. */
  release(): Promise<void>;
}

/** A folder of the workspace, held by handle. */
export interface HeldFolder {
  /** Workspace path after following symlinks inside the workspace; `""` is the root. */
  readonly resolvedPath: string;
  /**
   * Path by which a process finds the folder that was held, whatever has become of its names, as long as it is started
   * by this process and before it becomes another program. For process runners only; never sent to agents.
   */
  readonly startPath: string;
  /** Frees the handle. Safe to call twice. */
  release(): Promise<void>;
}

/** One file's part in a change of several. */
export type FileChange =
  | {
    readonly kind: "write";
    readonly held: HeldFile;
    readonly content: Uint8Array;
    /** Permission bits; absent: an existing file keeps its own, a new one gets 0600. */
    readonly mode?: number;
  }
  | { readonly kind: "delete"; readonly held: HeldFile };

/** What was left behind by a process that was killed, and what became of it when the workspace was opened. */
export interface Recovery {
  /** Changes of several files that were carried to their end. */
  readonly completed: number;
  /** Changes of several files that were taken back. */
  readonly undone: number;
  /** Leftover temporary files that were removed. */
  readonly removed: number;
  /** Journals that could not be dealt with; they stay, and their files may be half changed. */
  readonly failed: readonly string[];
}

/**
 * The one folder actions may touch.
 *
 * Duties: no path leaves it, whatever symlinks, `..`, `/proc`, mounts or concurrent renames try; only regular files
 * are opened, and nothing blocks on a FIFO or device; the check is on the opened file. Files that Nomos itself uses
 * are refused by identity (`protected_path`). Refusals: `not_found`, `does_not_fit`, `invalid_resource`,
 * `protected_path`, `execution_error`.
 */
export interface Workspace {
  /** Absolute path of the root, for messages to the operator and for sandboxes; never sent to agents. */
  readonly root: string;
  /** Whether the file system folds case (probed once). */
  readonly caseInsensitive: boolean;
  /** `race_free`: handles are walked component by component; `best_effort`: what this system allows. */
  readonly guarantee: "race_free" | "best_effort";
  /** What opening found to repair. */
  readonly recovery: Recovery;
  /**
   * Resolves and holds a file before anything is decided. Changes nothing in the workspace.
   *
   * @param path workspace path, `/`-separated, as normalized
   * @param intent a file to `write` need not exist, nor its parents
   */
  hold(path: string, intent: "read" | "write"): Promise<Result<HeldFile, Refusal>>;
  /**
   * Resolves and holds a folder that exists, for processes to run in.
   *
   * @param path workspace path as normalized; `""` is the root
   */
  holdFolder(path: string): Promise<Result<HeldFolder, Refusal>>;
  /**
   * Changes several held files, all or none, even when the process is killed half-way: what is unfinished then is
   * finished or taken back when the workspace is opened again. A file that was changed by somebody else since it was
   * held refuses the whole.
   *
   * @param changes files held by this workspace with intent `write`, each at most once
   */
  apply(changes: readonly FileChange[]): Promise<Result<{ bytesWritten: number }, Refusal>>;
  /** Frees the handle on the root as soon as nothing is held any more. Safe to call twice. */
  close(): Promise<void>;
}
