/** A tree in which every file tells which generation it is of, so that a mixture of two shows. */
import { openWorkspace } from "../../../cli/adapters/workspace.ts";
import type { FileChange, Workspace } from "../../../core/ports/mod.ts";

const SIZE = 300_000;

/** The files of one generation, by path. */
export function generation(number: number): Record<string, string> {
  const text = `generation ${number}`;
  return {
    "a.txt": text,
    "d1/b.txt": text,
    "d2/e/c.txt": text.repeat(5_000),
    ...(number % 2 === 0 ? { "even.txt": text } : { "odd/new/x.txt": text }),
    [`renamed-${number % 3}`]: text,
  };
}

/** A large file that is replaced by itself. */
export function large(number: number): string {
  return String.fromCharCode(97 + (number % 26)).repeat(SIZE);
}

/** Goes from one generation to the next in one change, then replaces the large file. */
export async function advance(workspace: Workspace, from: number): Promise<void> {
  const before = generation(from);
  const after = generation(from + 1);
  const changes: FileChange[] = [];
  const hold = async (path: string) => {
    const held = await workspace.hold(path, "write");
    if (!held.ok) throw new Error(held.reason.message);
    return held.value;
  };
  for (const path of Object.keys(before)) {
    if (!(path in after)) changes.push({ kind: "delete", held: await hold(path) });
  }
  for (const [path, text] of Object.entries(after)) {
    changes.push({
      kind: "write",
      held: await hold(path),
      content: new TextEncoder().encode(text),
    });
  }
  const applied = await workspace.apply(changes);
  if (!applied.ok) throw new Error(applied.reason.message);
  for (const { held } of changes) await held.release();
  const file = await hold("large");
  const written = await file.replace(new TextEncoder().encode(large(from + 1)));
  if (!written.ok) throw new Error(written.reason.message);
  await file.release();
}

if (import.meta.main) {
  const [root = "", start = "0"] = process.argv.slice(2);
  const workspace = await openWorkspace(root, { protectedPaths: [] });
  let number = Number(start);
  await advance(workspace, number++);
  process.stdout.write("going\n");
  for (;;) await advance(workspace, number++);
}
