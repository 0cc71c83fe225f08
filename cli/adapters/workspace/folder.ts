import type { BigIntStats } from "node:fs";

/** What a name stands for, without following a symlink. */
export interface FileInfo {
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Device and inode: the same file has the same identity under every name. */
  readonly identity: string;
  /** Number of names the file has. */
  readonly links: number;
  readonly size: number;
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
  /** Changes whenever the content does. */
  readonly version: string;
}

/** A name that was looked up; a regular file stays the same file until `close`, whatever happens to the name. */
export interface Entry {
  readonly info: FileInfo;
  /** Opens a regular file for reading; the caller closes the descriptor. Never blocks. */
  open(): number;
  close(): void;
}

/**
 * An open folder. Names in it are single: without separators, not `.` or `..`.
 *
 * Failing operations throw the system's errors.
 */
export interface Folder {
  /** The path by which the system reaches a name in this folder. */
  at(name: string): string;
  /** Opens a folder in this one. A symlink is `ENOTDIR`, like everything that is not a folder. */
  enter(name: string): Folder;
  /** Looks a name up without following it. */
  look(name: string): Entry;
  /** The path at which this folder is to be found now. */
  location(): string;
  /** Makes its names survive power loss. */
  sync(): Promise<void>;
  close(): void;
}

/** Reads what matters of the system's record of a file. */
export function infoOf(stats: BigIntStats): FileInfo {
  return {
    kind: stats.isFile()
      ? "file"
      : stats.isDirectory()
      ? "directory"
      : stats.isSymbolicLink()
      ? "symlink"
      : "other",
    identity: `${stats.dev}:${stats.ino}`,
    links: Number(stats.nlink),
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    owner: Number(stats.uid),
    group: Number(stats.gid),
    version: `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`,
  };
}
