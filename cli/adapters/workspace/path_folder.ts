import { type Entry, type FileInfo, type Folder, infoOf } from "./folder.ts";
import { nodeFs, nodePath, quietly, syncDescriptor, systemError } from "./system.ts";

/**
 * A folder known by its path, for systems without descriptors to walk by: every step is checked, and what was opened
 * is compared with what was checked, but a folder that is swapped at the right moment is not noticed.
 */
export class PathFolder implements Folder {
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
