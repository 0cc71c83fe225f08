import type { BigIntStats } from "node:fs";
import { nodeFs, nodePath, O_PATH, quietly, syncDescriptor, systemError } from "./system.ts";

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

/**
 * Opens a folder by its path, following symlinks: the root, which the operator named.
 *
 * @returns one that is walked by descriptors where the system can (Linux with /proc), else by paths; every way
 *   starts from it, so its own `close` does nothing and `closeRoot` ends it
 */
export function openRoot(path: string): { root: Folder; raceFree: boolean; closeRoot(): void } {
  const fs = nodeFs();
  if (process.platform === "linux") {
    const fd = fs.openSync(path, O_PATH | fs.constants.O_DIRECTORY);
    const root = new HandleFolder(fd, { lent: true });
    if (reachesItself(root, fd)) return { root, raceFree: true, closeRoot: () => fs.closeSync(fd) };
    fs.closeSync(fd);
  }
  const real = fs.realpathSync.native(path);
  if (!fs.statSync(real).isDirectory()) throw systemError("ENOTDIR");
  return { root: new PathFolder(real), raceFree: false, closeRoot: () => {} };
}

/** Whether /proc shows our own descriptors: it may be missing, or belong to another process namespace. */
function reachesItself(folder: HandleFolder, fd: number): boolean {
  const fs = nodeFs();
  try {
    const through = fs.statSync(folder.at("."), { bigint: true });
    const direct = fs.fstatSync(fd, { bigint: true });
    return through.dev === direct.dev && through.ino === direct.ino;
  } catch {
    return false;
  }
}

/**
 * A folder held by descriptor. `/proc/self/fd/<n>/<name>` is resolved by the kernel from the folder itself, not from
 * any path to it, which makes it `openat` without foreign functions.
 */
class HandleFolder implements Folder {
  readonly #fd: number;
  readonly #base: string;
  readonly #lent: boolean;

  /** @param options.lent the descriptor belongs to somebody else, who closes it */
  constructor(fd: number, options: { lent?: boolean } = {}) {
    this.#fd = fd;
    this.#base = `/proc/self/fd/${fd}`;
    this.#lent = options.lent ?? false;
  }

  at(name: string): string {
    return `${this.#base}/${name}`;
  }

  enter(name: string): Folder {
    const fs = nodeFs();
    const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
    return new HandleFolder(fs.openSync(this.at(name), O_PATH | O_DIRECTORY | O_NOFOLLOW));
  }

  look(name: string): Entry {
    const fs = nodeFs();
    const fd = fs.openSync(this.at(name), O_PATH | fs.constants.O_NOFOLLOW);
    try {
      return new HandleEntry(fd, infoOf(fs.fstatSync(fd, { bigint: true })));
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  location(): string {
    return nodeFs().readlinkSync(this.#base);
  }

  async sync(): Promise<void> {
    const fs = nodeFs();
    const fd = fs.openSync(this.#base, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
    try {
      await syncDescriptor(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  close(): void {
    if (!this.#lent) nodeFs().closeSync(this.#fd);
  }
}

class HandleEntry implements Entry {
  readonly #fd: number;
  readonly info: FileInfo;

  constructor(fd: number, info: FileInfo) {
    this.#fd = fd;
    this.info = info;
  }

  open(): number {
    // INVARIANT: only what was seen to be a regular file is opened; the descriptor cannot come to mean another.
    if (this.info.kind !== "file") throw systemError("ENXIO");
    const fs = nodeFs();
    // O_NONBLOCK: a file under another process's lease would hold us up.
    return fs.openSync(
      `/proc/self/fd/${this.#fd}`,
      fs.constants.O_RDONLY | fs.constants.O_NONBLOCK,
    );
  }

  close(): void {
    nodeFs().closeSync(this.#fd);
  }
}

/**
 * A folder known by its path, for systems without descriptors to walk by: every step is checked, and what was opened
 * is compared with what was checked, but a folder that is swapped at the right moment is not noticed.
 */
class PathFolder implements Folder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  at(name: string): string {
    return nodePath().join(this.#path, name);
  }

  enter(name: string): Folder {
    const path = this.at(name);
    if (!nodeFs().lstatSync(path).isDirectory()) throw systemError("ENOTDIR");
    return new PathFolder(path);
  }

  look(name: string): Entry {
    const path = this.at(name);
    const info = infoOf(nodeFs().lstatSync(path, { bigint: true }));
    return { info, open: () => this.#open(path, info), close: () => {} };
  }

  location(): string {
    return nodeFs().realpathSync.native(this.#path);
  }

  async sync(): Promise<void> {
    const fs = nodeFs();
    // Windows opens no folders; its file system keeps its own journal of names.
    if (process.platform === "win32") return;
    const fd = fs.openSync(this.#path, fs.constants.O_RDONLY);
    try {
      await syncDescriptor(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  close(): void {}

  #open(path: string, info: FileInfo): number {
    if (info.kind !== "file") throw systemError("ENXIO");
    const fs = nodeFs();
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
    const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const opened = infoOf(fs.fstatSync(fd, { bigint: true }));
      const inside = this.location() === this.#path;
      if (opened.identity !== info.identity || !inside) throw systemError("ESTALE");
      return fd;
    } catch (error) {
      quietly(() => fs.closeSync(fd));
      throw error;
    }
  }
}
