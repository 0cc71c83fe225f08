import { decodeUtf8Lossy } from "../encoding/mod.ts";
import { type AppendFile, FileError, type FileLock, type Storage } from "../ports/mod.ts";

/** A disk, of which anything can be made to fail. */
export class MemoryStorage implements Storage {
  /** Content by path. */
  readonly files = new Map<string, MemoryFile>();
  /** Paths that are locked. */
  readonly locked = new Set<string>();
  /** What was written to each stream. */
  readonly streams: { stdout: string; stderr: string } = { stdout: "", stderr: "" };
  /** Bytes that still fit on the disk. */
  free: number = Infinity;
  /** Whether `sync` rejects. */
  syncFails = false;
  /** Whether `truncate` rejects. */
  truncateFails = false;
  /** Whether streams reject, like a broken pipe. */
  streamFails = false;
  /** Appends so far. */
  appends = 0;
  /** Syncs so far. */
  syncs = 0;

  /** Opens a file, which is made when it is missing. */
  openAppend(path: string): Promise<AppendFile> {
    const file = this.files.get(path) ?? new MemoryFile();
    this.files.set(path, file);
    return Promise.resolve(new OpenMemoryFile(this, path, file));
  }

  tryLock(path: string): Promise<FileLock | undefined> {
    if (this.locked.has(path)) return Promise.resolve(undefined);
    this.locked.add(path);
    return Promise.resolve({
      release: () => {
        this.locked.delete(path);
        return Promise.resolve();
      },
    });
  }

  writeStream(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
    if (this.streamFails) return Promise.reject(new FileError("other", "broken pipe"));
    this.streams[stream] += decodeUtf8Lossy(bytes);
    return Promise.resolve();
  }

  /** A file's content as text. */
  text(path: string): string {
    return decodeUtf8Lossy(this.files.get(path)?.bytes ?? new Uint8Array());
  }

  /** Sets a file's content, as another process would leave it. */
  put(path: string, content: string | Uint8Array): void {
    const file = this.files.get(path) ?? new MemoryFile();
    file.bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.files.set(path, file);
  }
}

class MemoryFile {
  bytes: Uint8Array = new Uint8Array();
}

class OpenMemoryFile implements AppendFile {
  readonly #disk: MemoryStorage;
  readonly #path: string;
  readonly #file: MemoryFile;

  constructor(disk: MemoryStorage, path: string, file: MemoryFile) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
  }

  size(): Promise<number> {
    return this.#disk.files.get(this.#path) === this.#file
      ? Promise.resolve(this.#file.bytes.length)
      : Promise.reject(new FileError("not_found", "the file was removed"));
  }

  append(bytes: Uint8Array): Promise<void> {
    this.#disk.appends++;
    const fits = bytes.subarray(0, Math.min(bytes.length, this.#disk.free));
    this.#disk.free -= fits.length;
    const grown = new Uint8Array(this.#file.bytes.length + fits.length);
    grown.set(this.#file.bytes);
    grown.set(fits, this.#file.bytes.length);
    this.#file.bytes = grown;
    return fits.length === bytes.length
      ? Promise.resolve()
      : Promise.reject(new FileError("full", "no space left on device"));
  }

  sync(): Promise<void> {
    this.#disk.syncs++;
    return this.#disk.syncFails
      ? Promise.reject(new FileError("other", "input/output error"))
      : Promise.resolve();
  }

  truncate(length: number): Promise<void> {
    if (this.#disk.truncateFails) return Promise.reject(new FileError("other", "cannot cut"));
    this.#disk.free += this.#file.bytes.length - length;
    this.#file.bytes = this.#file.bytes.slice(0, length);
    return Promise.resolve();
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.#file.bytes.slice(offset, offset + length));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
