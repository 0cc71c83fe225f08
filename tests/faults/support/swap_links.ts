/**
 * Swaps the targets of a workspace's names between inside and outside as fast as it can, until it is killed:
 * `file` and `dir` are symlinks, `real` is a folder whose name a symlink takes now and then.
 */
import { renameSync, rmSync, symlinkSync } from "node:fs";

const [root = "", outside = ""] = process.argv.slice(2);

/** The other process works on the same names: what it made impossible is left for the next round. */
function attempt(...steps: readonly (() => void)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch {
      // As said.
    }
  }
}

function point(name: string, target: string): void {
  attempt(
    () => symlinkSync(target, `${root}/${name}.next`),
    () => renameSync(`${root}/${name}.next`, `${root}/${name}`),
  );
}

process.stdout.write("swapping\n");
for (;;) {
  point("file", "inside/file.txt");
  point("dir", "inside");
  point("file", `${outside}/file.txt`);
  point("dir", "../outside");
  attempt(
    () => renameSync(`${root}/real`, `${root}/aside`),
    () => symlinkSync(outside, `${root}/real`),
    () => rmSync(`${root}/real`, { recursive: true, force: true }),
    () => renameSync(`${root}/aside`, `${root}/real`),
    () => rmSync(`${root}/aside`, { recursive: true, force: true }),
  );
}
