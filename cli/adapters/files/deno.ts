import type { Files, FileStat } from "../../../core/ports/mod.ts";
import { asFileError, withFaults } from "./faults.ts";
import { statWithNode } from "./node.ts";
import { systemPaths } from "./paths.ts";
import { atomicWrite, type TempFile } from "./replace.ts";

/** Files through Deno's own calls: the cheapest start, because no Node module is loaded. */
export function denoFiles(): Files {
  const paths = systemPaths(Deno.cwd(), Deno.build.os === "windows");
  return {
    ...paths,
    read: (path) => withFaults("read", path, () => Deno.readFile(path)),
    stream: (path) => streamFile(path),
    write: atomicWrite(DENO, paths.dirname),
    stat: (path, options = {}) =>
      withFaults("stat", path, () => statFile(path, options.follow ?? false)),
    list: (path) => withFaults("list", path, () => listFolder(path)),
    realPath: (path) => withFaults("resolve", path, () => Deno.realPath(path)),
    remove: (path) => withFaults("remove", path, () => Deno.remove(path)),
  };
}

const DENO = {
  realPath: (path: string) => Deno.realPath(path),
  modeOf: async (path: string) => (await Deno.stat(path)).mode ?? undefined,
  rename: (from: string, to: string) => Deno.rename(from, to),
  remove: (path: string) => Deno.remove(path),
  async create(path: string, mode: number): Promise<TempFile> {
    const file = await Deno.open(path, { write: true, createNew: true, mode });
    return {
      async write(bytes) {
        for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
      },
      // The mode at creation is cut down by the umask.
      setMode: () => Deno.build.os === "windows" ? Promise.resolve() : Deno.chmod(path, mode),
      sync: () => file.sync(),
      close: () => Promise.resolve(file.close()),
    };
  },
  async syncFolder(path: string): Promise<void> {
    const folder = await Deno.open(path);
    try {
      await folder.sync();
    } finally {
      folder.close();
    }
  },
};

async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    const file = await Deno.open(path);
    // Reading to the end or leaving early closes the file.
    yield* file.readable;
  } catch (error) {
    throw asFileError("read", path, error);
  }
}

async function statFile(path: string, follow: boolean): Promise<FileStat | undefined> {
  try {
    const info = await (follow ? Deno.stat(path) : Deno.lstat(path));
    if (info.ino !== null && !Number.isSafeInteger(info.ino)) {
      return await statWithNode(path, follow);
    }
    return {
      kind: info.isFile
        ? "file"
        : info.isDirectory
        ? "directory"
        : info.isSymlink
        ? "symlink"
        : "other",
      size: info.size,
      identity: info.ino === null ? "" : `${info.dev}:${info.ino}`,
      mode: (info.mode ?? 0) & 0o777,
      modifiedMs: info.mtime?.getTime() ?? 0,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

async function listFolder(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(path)) names.push(entry.name);
  return names.sort();
}
