import type { Folder } from "./folder.ts";
import { HandleFolder, reachesItself } from "./handle_folder.ts";
import { PathFolder } from "./path_folder.ts";
import { nodeFs, O_PATH, systemError } from "./system.ts";

/** The root of a workspace; every way starts from it, so its own `close` does nothing and `closeRoot` ends it. */
export interface OpenedRoot {
  readonly root: Folder;
  /** Whether folders are walked by descriptors, which nobody can swap. */
  readonly raceFree: boolean;
  closeRoot(): void;
}

/**
 * Opens a folder by its path, following symlinks: the operator named it. By descriptors where the system can (Linux
 * with /proc), else by paths.
 *
 * @throws system errors
 */
export function openRoot(path: string): OpenedRoot {
  const fs = nodeFs();
  if (process.platform === "linux") {
    const fd = fs.openSync(path, O_PATH | fs.constants.O_DIRECTORY);
    const root = new HandleFolder(fd, { lent: true });
    if (reachesItself(root, fd)) return { root, raceFree: true, closeRoot: () => fs.closeSync(fd) };
    fs.closeSync(fd);
  }
  return openRootByPath(path);
}

/** Opens a folder for a walk by paths. */
export function openRootByPath(path: string): OpenedRoot {
  const real = nodeFs().realpathSync.native(path);
  if (!nodeFs().statSync(real).isDirectory()) throw systemError("ENOTDIR");
  return { root: new PathFolder(real), raceFree: false, closeRoot: () => {} };
}
