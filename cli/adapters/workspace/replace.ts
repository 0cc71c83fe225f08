import type { FileInfo, Folder } from "./folder.ts";
import { Journal } from "./journal.ts";
import { errorCode, nodeFs, nodePath, quietly, systemError } from "./system.ts";
import {
  createFolders,
  NEW_FILE_MODE,
  removeFolders,
  removeTemp,
  tempName,
  writeTemp,
} from "./temp_file.ts";
import { type Ground, joinPath, type Place } from "./place.ts";

/** What is put in the place of a file. */
export interface Replacement {
  readonly content: Uint8Array;
  /** Permission bits; absent: the old file's, or 0600. */
  readonly mode?: number | undefined;
  /** Refuse when somebody changed the file since it was held. */
  readonly onlyUnchanged?: boolean;
}

/** The permission bits a replacement gets. */
export function modeFor(place: Place, mode: number | undefined): number {
  return mode ?? place.entry?.info.mode ?? NEW_FILE_MODE;
}

/**
 * Puts new content in the place of a file in one step; until then, and when interrupted, the old file is whole.
 *
 * @throws system errors
 */
export async function replaceFile(
  ground: Ground,
  place: Place,
  replacement: Replacement,
): Promise<void> {
  const temp = tempName();
  const folderPath = joinPath(place.folderPath, ...place.missing);
  const journal = await beginIfPossible(ground, { folder: folderPath, name: temp });
  let gone = true;
  try {
    const folder = await createFolders(place.folder, place.missing);
    try {
      await replaceIn(folder, { ground, place, replacement, temp });
    } finally {
      gone = removeTemp(folder, temp);
      if (folder !== place.folder) folder.close();
    }
  } catch (error) {
    removeFolders(place.folder, place.missing);
    throw error;
  } finally {
    // A journal whose file would not go is needed by the next start.
    if (gone) quietly(() => journal?.remove());
  }
}

async function replaceIn(
  folder: Folder,
  options: { ground: Ground; place: Place; replacement: Replacement; temp: string },
): Promise<void> {
  const { ground, place, replacement, temp } = options;
  const { content, onlyUnchanged = false } = replacement;
  const mode = modeFor(place, replacement.mode);
  await writeTemp(folder, temp, { content, mode, like: place.entry?.info });
  checkFolder(ground, folder, joinPath(place.folderPath, ...place.missing));
  checkTarget(ground, place, { folder, onlyUnchanged });
  nodeFs().renameSync(folder.at(temp), folder.at(place.name));
  await folder.sync();
}

/** The journal is there to find the temporary file again; without the right to write one, a write still goes on. */
async function beginIfPossible(
  ground: Ground,
  leftover: { folder: string; name: string },
): Promise<Journal | undefined> {
  try {
    return await Journal.begin(ground.root, { leftovers: [leftover], steps: [] });
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(errorCode(error) ?? "")) return undefined;
    throw error;
  }
}

/**
 * Makes sure that an open folder is still where it was when policy judged its path.
 *
 * @throws system errors
 */
export function checkFolder(ground: Ground, folder: Folder, path: string): void {
  const root = ground.root.location();
  const wish = path === "" ? root : nodePath().join(root, path);
  if (folder.location() !== wish) throw systemError("ESTALE");
}

/**
 * Looks at the target again, right before something is put there: nothing may have appeared that must not be replaced.
 *
 * @param options.ownLinks names that we ourselves gave the file
 * @throws system errors
 */
export function checkTarget(
  ground: Ground,
  place: Place,
  options: { folder: Folder; onlyUnchanged: boolean; ownLinks?: number },
): void {
  const now = infoAt(options.folder, place.name);
  if (now?.kind === "directory") throw systemError("EISDIR");
  const kept = now !== undefined && ground.protection.coversFile(now, options.ownLinks);
  if (kept) throw systemError("EKEPT");
  const changed = now?.version !== place.entry?.info.version;
  if (options.onlyUnchanged && changed) throw systemError("EUCLEAN");
}

function infoAt(folder: Folder, name: string): FileInfo | undefined {
  try {
    const entry = folder.look(name);
    entry.close();
    return entry.info;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
