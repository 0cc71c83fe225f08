import { type Entry, type FileInfo, type Folder, infoOf } from "./folder.ts";
import { nodeFs, O_PATH, syncDescriptor, systemError } from "./system.ts";

/**
 * A folder held by descriptor. `/proc/self/fd/<n>/<name>` is resolved by the kernel from the folder itself, not from
 * any path to it, which makes it `openat` without foreign functions.
 */
export class HandleFolder implements Folder {
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

/** Whether /proc shows our own descriptors: it may be missing, or belong to another process namespace. */
export function reachesItself(folder: HandleFolder, fd: number): boolean {
  const fs = nodeFs();
  try {
    const through = fs.statSync(folder.at("."), { bigint: true });
    const direct = fs.fstatSync(fd, { bigint: true });
    return through.dev === direct.dev && through.ino === direct.ino;
  } catch {
    return false;
  }
}
