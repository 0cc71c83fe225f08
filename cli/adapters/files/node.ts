import type { BigIntStats } from "node:fs";
import type { Files, FileStat } from "../../../core/ports/mod.ts";
import { builtin } from "../builtin.ts";
import { asFileError, withFaults } from "./faults.ts";
import { systemPaths } from "./paths.ts";
import { atomicWrite, type TempFile } from "./replace.ts";

/** Files through `node:fs`, loaded at the first use. */
export function nodeFiles(): Files {
  const { process } = globalThis;
  const fs = () => builtin("node:fs/promises");
  const paths = systemPaths(process.cwd(), process.platform === "win32");
  return {
    ...paths,
    read: (path) => withFaults("read", path, async () => new Uint8Array(await fs().readFile(path))),
    stream: (path) => streamFile(path),
    write: atomicWrite(NODE, paths.dirname),
    stat: (path, options = {}) =>
      withFaults("stat", path, () => statWithNode(path, options.follow ?? false)),
    list: (path) => withFaults("list", path, async () => (await fs().readdir(path)).sort()),
    realPath: (path) => withFaults("resolve", path, () => fs().realpath(path)),
    remove: (path) => withFaults("remove", path, () => fs().rm(path)),
  };
}

const NODE = {
  realPath: (path: string) => builtin("node:fs/promises").realpath(path),
  modeOf: async (path: string) => (await builtin("node:fs/promises").stat(path)).mode,
  rename: (from: string, to: string) => builtin("node:fs/promises").rename(from, to),
  remove: (path: string) => builtin("node:fs/promises").rm(path),
  async create(path: string, mode: number): Promise<TempFile> {
    const file = await builtin("node:fs/promises").open(path, "wx", mode);
    return {
      write: (bytes) => file.writeFile(bytes),
      // The mode at creation is cut down by the umask.
      setMode: () => file.chmod(mode),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  async syncFolder(path: string): Promise<void> {
    const folder = await builtin("node:fs/promises").open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    const file = await builtin("node:fs/promises").open(path, "r");
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE_BYTES), 0, PIECE_BYTES);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asFileError("read", path, error);
  }
}

const PIECE_BYTES = 64 * 1024;

/** Stats with 64-bit inode numbers, which a JavaScript number would round. */
export async function statWithNode(path: string, follow: boolean): Promise<FileStat | undefined> {
  const fs = builtin("node:fs/promises");
  try {
    const stat = await (follow ? fs.stat : fs.lstat)(path, { bigint: true });
    return toFileStat(stat);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function toFileStat(stat: BigIntStats): FileStat {
  return {
    kind: stat.isFile()
      ? "file"
      : stat.isDirectory()
      ? "directory"
      : stat.isSymbolicLink()
      ? "symlink"
      : "other",
    size: Number(stat.size),
    identity: stat.ino === 0n ? "" : `${stat.dev}:${stat.ino}`,
    mode: Number(stat.mode) & 0o777,
    modifiedMs: Number(stat.mtimeMs),
  };
}
