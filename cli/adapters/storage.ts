import type { DatabaseSync } from "node:sqlite";
import { type AppendFile, FileError, type FileLock, type Storage } from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";

/** Files that grow, locks, and the streams of this process. */
export function systemStorage(): Storage {
  return { openAppend, tryLock, writeStream };
}

/**
 * Opens a file for appending; a new one is readable by its owner only, and its name survives power loss.
 *
 * Besides the duties of the port, `size` rejects with `not_found` once the file was removed: what is written
 * then goes nowhere.
 *
 * @throws {FileError} when it cannot be written or is not a regular file
 */
function openAppend(path: string): Promise<AppendFile> {
  return promised(() => {
    const fs = builtin("node:fs");
    const found = attempt(() => fs.statSync(path, { throwIfNoEntry: false }));
    // Opening a FIFO would wait for its reader.
    if (found && !found.isFile()) throw new FileError("not_a_file", `${path} is no regular file`);
    const fd = attempt(() => fs.openSync(path, "a+", 0o600));
    if (found === undefined) syncDirectory(builtin("node:path").dirname(path));
    return new SystemAppendFile(path, fd);
  });
}

// Not every system lets a directory be opened; where it does not, there is nothing to sync.
function syncDirectory(path: string): void {
  const fs = builtin("node:fs");
  try {
    const fd = fs.openSync(path, "r");
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return;
  }
}

class SystemAppendFile implements AppendFile {
  readonly #path: string;
  readonly #fd: number;

  constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  size(): Promise<number> {
    return promised(() => {
      const { size, nlink } = attempt(() => builtin("node:fs").fstatSync(this.#fd));
      if (nlink === 0) throw new FileError("not_found", `${this.#path} was removed`);
      return size;
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return promised(() => {
      const fs = builtin("node:fs");
      // Handing bytes to the system takes microseconds; waiting for a thread would take longer.
      for (let at = 0; at < bytes.length;) {
        const rest = bytes.subarray(at);
        at += attempt(() => fs.writeSync(this.#fd, rest));
      }
    });
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      builtin("node:fs").fdatasync(
        this.#fd,
        (cause) => cause ? reject(fileError(cause)) : resolve(),
      );
    });
  }

  truncate(length: number): Promise<void> {
    return promised(() => attempt(() => builtin("node:fs").ftruncateSync(this.#fd, length)));
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    return promised(() => {
      const fs = builtin("node:fs");
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const from = filled;
        const n = attempt(() => fs.readSync(this.#fd, bytes, from, length - from, offset + from));
        if (n === 0) break;
        filled += n;
      }
      return bytes.subarray(0, filled);
    });
  }

  close(): Promise<void> {
    return promised(() => attempt(() => builtin("node:fs").closeSync(this.#fd)));
  }
}

/**
 * Takes a lock: an open exclusive transaction on an empty SQLite side file, which the system ends with the
 * process, however it ends, and which excludes processes of every runtime alike.
 *
 * @returns `undefined` when somebody else holds it
 * @throws {FileError} when the side file cannot be used
 */
function tryLock(path: string): Promise<FileLock | undefined> {
  return promised(() => {
    const { DatabaseSync } = builtin("node:sqlite");
    let connection: DatabaseSync | undefined;
    try {
      const fs = builtin("node:fs");
      fs.closeSync(fs.openSync(path, "a", 0o600));
      connection = new DatabaseSync(path);
      connection.exec("PRAGMA busy_timeout = 0");
      connection.exec("BEGIN EXCLUSIVE");
    } catch (cause) {
      connection?.close();
      const message = cause instanceof Error ? cause.message : String(cause);
      if (message.includes("database is locked")) return undefined;
      throw new FileError("other", message, { cause });
    }
    const held = connection;
    return { release: () => promised(() => held.close()) };
  });
}

async function writeStream(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
  if ("Deno" in globalThis) {
    for (let at = 0; at < bytes.length;) at += await Deno[stream].write(bytes.subarray(at));
    return;
  }
  const target = builtin("node:process")[stream];
  await new Promise<void>((resolve, reject) => {
    // Without a listener a broken pipe would end the process; the callback has the same error.
    if (target.listenerCount("error") === 0) target.on("error", () => {});
    target.write(bytes, (cause) => cause ? reject(fileError(cause)) : resolve());
  });
}

/** Runs work now; what it throws becomes a rejection. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError(cause);
  }
}

const CODES: ReadonlyMap<unknown, FileError["code"]> = new Map([
  ["ENOENT", "not_found"],
  ["EACCES", "denied"],
  ["EPERM", "denied"],
  ["EISDIR", "not_a_file"],
  ["ENOSPC", "full"],
  ["EDQUOT", "full"],
  ["EROFS", "readonly"],
]);

function fileError(cause: unknown): FileError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new FileError(CODES.get(code) ?? "other", message, { cause });
}
