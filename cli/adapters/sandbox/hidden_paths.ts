import { isWithin } from "../processes/find_program.ts";
import { nodeFs } from "../workspace/system.ts";
import type { HiddenPath } from "./bubblewrap_args.ts";

/** Anybody may read a file, or enter and list a folder. */
const FILE_OPEN_TO_ALL = 0o004;
const FOLDER_OPEN_TO_ALL = 0o005;
/** Names that SQLite gives to files beside a database. One that is made up would change what the database says. */
const BESIDE_DATABASE = /-(?:journal|wal|shm)$/;

/**
 * What lies in a folder of the system and is not meant for everybody (`/etc/shadow`, private keys): in a sandbox a
 * process has the rights of the user who runs Nomos, who may be root.
 */
export function privatePaths(folder: string): readonly HiddenPath[] {
  const fs = nodeFs();
  let names: readonly string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name): readonly HiddenPath[] => {
    const path = `${folder}/${name}`;
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      return isOpen(stat.mode, FOLDER_OPEN_TO_ALL)
        ? privatePaths(path)
        : [{ path, kind: "folder" }];
    }
    const isOther = stat === undefined || stat.isSymbolicLink();
    return isOther || isOpen(stat.mode, FILE_OPEN_TO_ALL) ? [] : [{ path, kind: "file" }];
  });
}

function isOpen(mode: number, wanted: number): boolean {
  return (mode & wanted) === wanted;
}

/** Where protected files lie in the workspace, and the folders that must keep their names for it. */
export interface ProtectedPlaces {
  readonly hidden: readonly HiddenPath[];
  readonly pinned: readonly string[];
}

/**
 * Finds which protected paths exist below a folder. What does not exist cannot be hidden; files beside a database are
 * the exception: bubblewrap makes an empty one to hide, which to SQLite is as good as none.
 *
 * @param folder real path
 * @param paths absolute paths; those that lie elsewhere are passed over
 */
export function protectedPlaces(folder: string, paths: readonly string[]): ProtectedPlaces {
  const hidden = new Map<string, HiddenPath>();
  const pinned = new Set<string>();
  for (const path of paths) {
    const found = existing(path) ?? besideDatabase(path);
    if (found === undefined || found.path === folder || !isWithin(folder, found.path)) continue;
    hidden.set(found.path, found);
    for (const parent of parentsOf(found.path, folder)) pinned.add(parent);
  }
  return { hidden: [...hidden.values()], pinned: [...pinned].sort((a, b) => a.length - b.length) };
}

function existing(path: string): HiddenPath | undefined {
  const fs = nodeFs();
  try {
    const real = fs.realpathSync.native(path);
    return { path: real, kind: fs.statSync(real).isDirectory() ? "folder" : "file" };
  } catch {
    return undefined;
  }
}

function besideDatabase(path: string): HiddenPath | undefined {
  if (!BESIDE_DATABASE.test(path)) return undefined;
  const database = existing(path.replace(BESIDE_DATABASE, ""));
  if (database === undefined) return undefined;
  return { path: database.path + path.slice(path.lastIndexOf("-")), kind: "file" };
}

function parentsOf(path: string, folder: string): readonly string[] {
  const parents: string[] = [];
  for (let end = path.lastIndexOf("/"); end > folder.length; end = path.lastIndexOf("/", end - 1)) {
    parents.push(path.slice(0, end));
  }
  return parents;
}
