import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** The least that the gate accepts: two rooms of core, a front door, a command, the command line and a test. */
const FILES: Readonly<Record<string, string>> = {
  "core/encoding/mod.ts": 'export { double } from "./double.ts";\n',
  "core/encoding/double.ts":
    'import * as z from "zod";\n\n/** Twice as much. */\nexport function double(value: number): number {\n' +
    "  return z.number().parse(value) * 2;\n}\n",
  "core/engine/mod.ts": 'export { four } from "./four.ts";\n',
  "core/engine/four.ts":
    'import { double } from "../encoding/mod.ts";\n\nexport const four: number = double(2);\n',
  "core/mod.ts": 'export { four } from "./engine/mod.ts";\n',
  "commands/four.ts": 'export { four } from "../core/mod.ts";\n',
  "cli/adapters/clock.ts": "export const now = (): number => Date.now();\n",
  "cli/compose.ts":
    'export { four } from "../core/engine/mod.ts";\nexport { now } from "./adapters/clock.ts";\n',
  "cli/parse.ts": 'export { Command } from "commander";\n',
  "mod.ts": 'export { four } from "./core/mod.ts";\n',
  "tests/unit/four.test.ts": 'import { it } from "vitest";\n\nit("counts", () => {});\n',
};

/** A small project in a temporary folder, on which the gate's scripts can be tried. */
export class SmallTree {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes a tree that passes every check, with `changes` to it: file texts by path. */
  static async with(changes: Readonly<Record<string, string>> = {}): Promise<SmallTree> {
    const tree = new SmallTree(await mkdtemp(join(tmpdir(), "nomos-gate-")));
    for (const name of ["deno.json", "deno.lock"]) {
      await cp(join(PROJECT, name), join(tree.root, name));
    }
    await symlink(join(PROJECT, "node_modules"), join(tree.root, "node_modules"));
    for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
      await tree.write(path, text);
    }
    return tree;
  }

  /** Writes a file, and the folders it needs. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  /** Takes the tree away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}
