/**
 * A file that only grows.
 *
 * Duties: `append` resolves when the bytes were handed to the system, `sync` when they survive power loss; both
 * reject on a short write, after which `truncate` restores the last good length.
 */
export interface AppendFile {
  size(): Promise<number>;
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Reads `length` bytes from `offset`; fewer at the end of the file. */
  readAt(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * A lock that is free again the moment its holder dies, however it dies.
 */
export interface FileLock {
  release(): Promise<void>;
}

/** Where evidence is kept: files that grow, databases, locks and the process's own streams. */
export interface Storage {
  openAppend(path: string): Promise<AppendFile>;
  /** Resolves to `undefined` when another process holds the lock. */
  tryLock(path: string): Promise<FileLock | undefined>;
  /** Writes one chunk to stdout or stderr; rejects on a broken pipe. */
  writeStream(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
}
