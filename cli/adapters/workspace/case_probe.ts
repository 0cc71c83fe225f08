import type { Folder } from "./folder.ts";
import { nodeFs, quietly } from "./system.ts";
import { tempName } from "./temp_file.ts";

/** Names looked at before the probe makes one of its own. */
const MAX_NAMES = 64;

/**
 * Finds out whether `README` and `readme` name the same file in a folder, from the names it has, or else with a
 * temporary file.
 */
export function foldsCase(folder: Folder): boolean {
  const names = nodeFs().readdirSync(folder.at("."));
  const all = new Set(names);
  for (const name of names.slice(0, MAX_NAMES)) {
    const other = otherCase(name);
    if (other !== name && !all.has(other)) return exists(folder, other);
  }
  return probe(folder);
}

function probe(folder: Folder): boolean {
  const fs = nodeFs();
  const name = tempName();
  try {
    fs.closeSync(fs.openSync(folder.at(name), "wx", 0o600));
  } catch {
    return false; // Not writable and without a telling name: nothing can be told apart in it.
  }
  try {
    return exists(folder, otherCase(name));
  } finally {
    quietly(() => fs.unlinkSync(folder.at(name)));
  }
}

function otherCase(name: string): string {
  return name.replace(/[a-zA-Z]/g, (letter) => {
    const lower = letter.toLowerCase();
    return letter === lower ? letter.toUpperCase() : lower;
  });
}

function exists(folder: Folder, name: string): boolean {
  return nodeFs().lstatSync(folder.at(name), { throwIfNoEntry: false }) !== undefined;
}
