import type { Entry, Folder } from "./folder.ts";
import type { Protection } from "./protection.ts";

/** What all ways into one workspace start from. */
export interface Ground {
  readonly root: Folder;
  /** Absolute spellings of the root; links that begin with one of them lead into the workspace. */
  readonly rootPaths: readonly string[];
  readonly protection: Protection;
  readonly caseInsensitive: boolean;
}

/** Where a way ended. */
export interface Place {
  /** The folder that holds the name, or the nearest one that exists. Owned by whoever has the place. */
  readonly folder: Folder;
  /** Workspace path of `folder`, without symlinks. */
  readonly folderPath: string;
  /** Folders missing between `folder` and the name. */
  readonly missing: readonly string[];
  readonly name: string;
  /** Absent when nothing has that name. Owned by whoever has the place. */
  readonly entry?: Entry;
  /** Whether the last name that was asked for is a symlink. */
  readonly isLink: boolean;
}

/** The workspace path of a place, without symlinks. */
export function pathOf(place: Pick<Place, "folderPath" | "missing" | "name">): string {
  return joinPath(place.folderPath, ...place.missing, place.name);
}

/** Joins workspace paths; the root is the empty one. */
export function joinPath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

const WINDOWS = process.platform === "win32";
const SEPARATOR = WINDOWS ? /[\\/]/ : "/";
const ABSOLUTE = WINDOWS ? /^([\\/]|[A-Za-z]:)/ : /^\//;

/** Whether a name stands for something in its folder and nothing else. */
export function isSingleName(name: string): boolean {
  if (name === "" || name === "." || name === "..") return false;
  return !(WINDOWS ? /[\\/:\0]/ : /[/\0]/).test(name);
}

/** What the text of a symlink says, as far as a workspace follows it. */
export interface LinkTarget {
  readonly names: readonly string[];
  /** Whether the names begin at the root instead of the symlink's folder. */
  readonly fromRoot: boolean;
}

/**
 * Reads the text of a symlink; `..` stays in it.
 *
 * @param rootPaths absolute spellings of the root
 * @returns `undefined` when it names a place outside
 */
export function readTarget(text: string, rootPaths: readonly string[]): LinkTarget | undefined {
  const fromRoot = ABSOLUTE.test(text);
  const rest = fromRoot ? insideOf(rootPaths, text) : text;
  if (rest === undefined) return undefined;
  const names = rest.split(SEPARATOR).filter((name) => name !== "" && name !== ".");
  return { names, fromRoot };
}

function insideOf(rootPaths: readonly string[], path: string): string | undefined {
  for (const root of rootPaths) {
    if (path === root) return "";
    if (path.startsWith(root.endsWith("/") ? root : `${root}/`)) return path.slice(root.length);
  }
  return undefined;
}
