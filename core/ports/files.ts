/** What a path names, without following a last symlink unless asked. */
export interface FileStat {
  /** What it is. */
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Length in bytes. */
  readonly size: number;
  /** Device and inode as text: the identity of a file, whatever its name. Empty where the system has none. */
  readonly identity: string;
  /** Permission bits, `0o777` masked; 0 where the system has none. */
  readonly mode: number;
  /** Unix time of the last change, in milliseconds. */
  readonly modifiedMs: number;
}

/** A file fault that callers tell apart. */
export class FileError extends Error {
  /** What went wrong. */
  readonly code: "not_found" | "denied" | "exists" | "not_a_file" | "full" | "readonly" | "other";

  /** A fault with its code and cause. */
  constructor(code: FileError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileError";
    this.code = code;
  }
}

/**
 * The operator's own files: configs, bundles, keys, stores. Never used for what agents name; that is the workspace.
 *
 * Duties: paths are the system's; failures are `FileError`; `resolve` joins and cleans without touching the disk.
 */
export interface Files {
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** What stands between the names of a path. */
  readonly separator: "/" | "\\";
  /** The whole content. */
  read(path: string): Promise<Uint8Array>;
  /** Reads in pieces, for files of any size. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Writes atomically; a new file gets `mode` (default 0600). */
  write(path: string, content: Uint8Array, options?: { mode?: number }): Promise<void>;
  /** What a path names; `undefined` when there is nothing. */
  stat(path: string, options?: { follow?: boolean }): Promise<FileStat | undefined>;
  /** Names in a folder. */
  list(path: string): Promise<readonly string[]>;
  /** The path with every symlink resolved. */
  realPath(path: string): Promise<string>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /** Joins a path to a base and cleans it. */
  resolve(base: string, path: string): string;
  /** The folder a path lies in. */
  dirname(path: string): string;
}
