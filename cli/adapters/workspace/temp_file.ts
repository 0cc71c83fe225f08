import type { FileInfo, Folder } from "./folder.ts";
import { TEMP_PREFIX } from "./protection.ts";
import {
  errorCode,
  nodeFs,
  quietly,
  randomHex,
  syncDescriptor,
  writeDescriptor,
} from "./system.ts";

/** Permission bits of a new file. */
export const NEW_FILE_MODE = 0o600;
/** Permission bits of a new folder. */
export const NEW_FOLDER_MODE = 0o700;

/** A name for a temporary file that nobody has. */
export function tempName(): string {
  return TEMP_PREFIX + randomHex(12);
}

/**
 * Writes a temporary file and waits until it is on disk. What is left of it when that fails is the caller's to remove.
 *
 * @param options.like an existing file whose owner it gets, as far as the system lets us
 */
export async function writeTemp(
  folder: Folder,
  name: string,
  options: { content: Uint8Array; mode: number; like?: FileInfo | undefined },
): Promise<void> {
  const fs = nodeFs();
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;
  const fd = fs.openSync(folder.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, NEW_FILE_MODE);
  try {
    await writeDescriptor(fd, options.content);
    if (options.like !== undefined) quietlyOwn(fd, options.like);
    fs.fchmodSync(fd, options.mode & 0o777);
    await syncDescriptor(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Only a privileged process may give files away; for all others the file is theirs, as any editor leaves it. */
function quietlyOwn(fd: number, like: FileInfo): void {
  const fs = nodeFs();
  const { uid, gid } = fs.fstatSync(fd);
  if (uid !== like.owner || gid !== like.group) {
    quietly(() => fs.fchownSync(fd, like.owner, like.group));
  }
}

/** Removes a temporary file, if it is there; tells whether it is gone. */
export function removeTemp(folder: Folder, name: string): boolean {
  try {
    nodeFs().unlinkSync(folder.at(name));
    return true;
  } catch (error) {
    return errorCode(error) === "ENOENT";
  }
}

/** Whether a name is taken, by whatever it may be. */
export function isTaken(folder: Folder, name: string): boolean {
  try {
    folder.look(name).close();
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

/**
 * Opens a folder below another, never through a symlink. The caller closes it, and `from` as before.
 *
 * @returns `from` itself when there are no names
 */
export function descend(from: Folder, names: readonly string[]): Folder {
  let at = from;
  for (const name of names) {
    try {
      const next = at.enter(name);
      if (at !== from) at.close();
      at = next;
    } catch (error) {
      if (at !== from) at.close();
      throw error;
    }
  }
  return at;
}

/** Creates the folders that are missing, each on disk before the next, and opens the last like {@link descend}. */
export async function createFolders(from: Folder, names: readonly string[]): Promise<Folder> {
  let at = from;
  for (const name of names) {
    try {
      const created = createFolder(at, name);
      if (created) await at.sync();
      const next = at.enter(name);
      if (at !== from) at.close();
      at = next;
    } catch (error) {
      if (at !== from) at.close();
      throw error;
    }
  }
  return at;
}

function createFolder(folder: Folder, name: string): boolean {
  try {
    nodeFs().mkdirSync(folder.at(name), NEW_FOLDER_MODE);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes created folders again, the deepest first, as far as they are empty. */
export function removeFolders(from: Folder, names: readonly string[]): void {
  for (let depth = names.length; depth > 0; depth--) {
    quietly(() => {
      const parent = descend(from, names.slice(0, depth - 1));
      try {
        nodeFs().rmdirSync(parent.at(names[depth - 1] ?? ""));
      } finally {
        if (parent !== from) parent.close();
      }
    });
  }
}
