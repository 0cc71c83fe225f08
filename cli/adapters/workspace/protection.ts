import { foldCase } from "../../../core/encoding/mod.ts";
import type { FileInfo } from "./folder.ts";
import { infoOf } from "./folder.ts";
import { nodeFs, nodePath, quietly } from "./system.ts";

/** How every file begins that Nomos itself puts into a workspace. */
export const TEMP_PREFIX = ".nomos-tmp-";
/** A journal whose temporary files are to be removed. */
export const JOURNAL_PREFIX = ".nomos-journal-";
/** A journal whose changes are to be carried to their end. */
export const COMMIT_PREFIX = ".nomos-commit-";
/** A journal whose changes are to be taken back. */
export const UNDO_PREFIX = ".nomos-undo-";

// With `u`, case is folded as file systems fold it: some letters beyond ASCII are another case of ASCII ones.
const IDENTITY = /^\d+:\d+$/;
/** Identities of protected files are looked up again after this many milliseconds. */
const REFRESH_MS = 1_000;

/** Knows the files that no executor may touch: by path, also before they exist, and by identity. */
export class Protection {
  readonly #fixed: ReadonlySet<string>;
  readonly #paths: readonly string[];
  readonly #fold: (path: string) => string;
  readonly #inside: readonly string[];
  #identities: ReadonlySet<string> = new Set();
  #refreshedAt = -Infinity;

  /**
   * @param list absolute paths and identities
   * @param root the workspace's real path
   */
  constructor(list: readonly string[], root: string, options: { caseInsensitive: boolean }) {
    this.#fixed = new Set(list.filter((item) => IDENTITY.test(item)));
    this.#paths = list.filter((item) => !IDENTITY.test(item)).map(realPathOf);
    this.#fold = options.caseInsensitive ? foldCase : (path) => path;
    this.#inside = this.#paths.flatMap((path) => {
      const inside = insideOf(root, path);
      return inside === undefined ? [] : [this.#fold(inside)];
    });
  }

  /** Whether a resolved workspace path is a protected one or lies below one. */
  coversPath(path: string): boolean {
    if (this.#inside.length === 0) return false;
    const folded = this.#fold(path);
    return this.#inside.some((kept) =>
      kept === "" || folded === kept || folded.startsWith(`${kept}/`)
    );
  }

  /**
   * Whether a file is a protected one under another name.
   *
   * @param ownLinks names that we ourselves gave it for the moment
   */
  coversFile(info: FileInfo, ownLinks = 0): boolean {
    if (this.#fixed.has(info.identity)) return true;
    if (this.#paths.length === 0) return false;
    // A file with several names may be one that was made protected a moment ago; one that is known may have been
    // deleted and its inode given to another.
    const stale = performance.now() - this.#refreshedAt > REFRESH_MS;
    if (stale || info.links - ownLinks > 1 || this.#identities.has(info.identity)) this.#refresh();
    return this.#identities.has(info.identity);
  }

  #refresh(): void {
    const identities = new Set<string>();
    for (const path of this.#paths) {
      quietly(() => {
        const stats = nodeFs().statSync(path, { bigint: true, throwIfNoEntry: false });
        if (stats !== undefined && !stats.isDirectory()) identities.add(infoOf(stats).identity);
      });
    }
    this.#identities = identities;
    this.#refreshedAt = performance.now();
  }
}

/** The path without symlinks, as far as it exists. */
function realPathOf(path: string): string {
  const { resolve, dirname, basename, join } = nodePath();
  const missing: string[] = [];
  let at = resolve(path);
  for (;;) {
    try {
      return join(nodeFs().realpathSync.native(at), ...missing);
    } catch {
      const parent = dirname(at);
      if (parent === at) return resolve(path);
      missing.unshift(basename(at));
      at = parent;
    }
  }
}

/** The part of a path below the root, `/`-separated; `undefined` for a path elsewhere. */
function insideOf(root: string, path: string): string | undefined {
  const { relative, isAbsolute, sep } = nodePath();
  const inside = relative(root, path);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
  return inside.split(sep).join("/");
}
