/**
 * A file that only grows.
 *
 * Duties: `append` resolves when the bytes were handed to the system, `sync` when they survive power loss; both
 * reject on a short write, after which `truncate` restores the last good length.
 */
export interface AppendFile {
  /** Length in bytes. */
  size(): Promise<number>;
  /** Writes at the end; resolves when the system has the bytes. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was appended survives power loss. */
  sync(): Promise<void>;
  /** Cuts the file to a length in bytes. */
  truncate(length: number): Promise<void>;
  /** Reads `length` bytes from `offset`; fewer at the end of the file. */
  readAt(offset: number, length: number): Promise<Uint8Array>;
  /** Frees the handle. */
  close(): Promise<void>;
}

/**
 * A lock that is free again the moment its holder dies, however it dies.
 */
export interface FileLock {
  /** Lets others have the lock. */
  release(): Promise<void>;
}

/** Where evidence is kept: files that grow, databases, locks and the process's own streams. */
export interface Storage {
  /** Opens a file for appending; a new one is readable by its owner only. */
  openAppend(path: string): Promise<AppendFile>;
  /** Resolves to `undefined` when another process holds the lock. */
  tryLock(path: string): Promise<FileLock | undefined>;
  /** Writes one chunk to stdout or stderr; rejects on a broken pipe. */
  writeStream(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
}
