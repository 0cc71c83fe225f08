/** What a path names, without following a last symlink unless asked. */
export interface FileStat {
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly size: number;
  /** Device and inode as text: the identity of a file, whatever its name. Empty where the system has none. */
  readonly identity: string;
  /** Permission bits, `0o777` masked; 0 where the system has none. */
  readonly mode: number;
  readonly modifiedMs: number;
}

/** A file fault that callers tell apart. */
export class FileError extends Error {
  readonly code: "not_found" | "denied" | "exists" | "not_a_file" | "full" | "readonly" | "other";

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
  readonly cwd: string;
  readonly separator: "/" | "\\";
  read(path: string): Promise<Uint8Array>;
  /** Reads in pieces, for files of any size. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Writes atomically; a new file gets `mode` (default 0600). */
  write(path: string, content: Uint8Array, options?: { mode?: number }): Promise<void>;
  stat(path: string, options?: { follow?: boolean }): Promise<FileStat | undefined>;
  list(path: string): Promise<readonly string[]>;
  realPath(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  resolve(base: string, path: string): string;
  dirname(path: string): string;
}
