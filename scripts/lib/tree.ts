import { join } from "node:path";

const SKIPPED = new Set([".git", ".ci", "node_modules", "dist", "coverage", ".bench"]);

/** Where a tree's product code lives: what the gate's limits on size and on types hold for. */
export const PRODUCT = ["core", "cli", "commands", "mod.ts"];

/** Every other place that holds code. */
export const SUPPORT = ["tests", "scripts", "examples"];

/**
 * Lists the files below some places of a tree, sorted, with forward slashes and without what is generated or fetched.
 * A place that does not exist holds no files.
 *
 * @param root The tree's top folder.
 * @param places Folders or files, from the root; none means the whole tree.
 */
export async function listFiles(
  root: string,
  places: readonly string[] = ["."],
): Promise<string[]> {
  const found: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const info = await Deno.lstat(join(root, path)).catch(() => undefined);
    if (info?.isFile) found.push(path);
    if (!info?.isDirectory) return;
    for await (const entry of Deno.readDir(join(root, path))) {
      if (!SKIPPED.has(entry.name)) {
        await visit(path === "." ? entry.name : `${path}/${entry.name}`);
      }
    }
  };
  for (const place of places) await visit(place);
  return found.sort();
}
