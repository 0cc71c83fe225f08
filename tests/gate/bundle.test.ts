import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { bundle, type Bundled } from "../../scripts/bundle.ts";
import { eagerBuiltins } from "../../scripts/lib/lazy_builtins.ts";
import { formatBuildDate } from "../../scripts/lib/stamp.ts";
import { SmallTree } from "./support/small_tree.ts";

const STAMP = { version: "1.2.3", commit: "0123456789ab", buildDate: "2026-01-02T03:04:05Z" };

/** Counts what is asked of the runtime, before the program in the bundle begins. */
const COUNTING = `const asked = [];
const original = process.getBuiltinModule;
process.getBuiltinModule = (name) => (asked.push(name), original(name));
globalThis.asked = asked;
`;

async function bundleOf(
  entry: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Bundled> {
  await using tree = await SmallTree.with({ "cli/main.ts": entry, ...files });
  return await bundle(tree.root, "cli/main.ts", { stamp: STAMP, name: "alone.mjs" });
}

/** Runs a bundle under this runtime, far from any \`node_modules\`; returns what it prints. */
async function runBundle(files: Bundled): Promise<string> {
  await using tree = await SmallTree.with();
  const path = join(tree.root, "tests/alone.mjs");
  for (const [name, code] of files) {
    const counting = name === "alone.mjs" ? COUNTING : "";
    await writeFile(join(tree.root, "tests", name), counting + code);
  }
  const args = ["run", "-A", "--no-config", "--no-lock", "--no-npm", path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

describe("the bundle", () => {
  it("loads a built-in module when it is used, once, and not before", async () => {
    const code = await bundleOf(`import * as all from "node:fs";
import path, { basename } from "node:path";
import { createHash } from "crypto";
console.log(globalThis.asked.join());
console.log(basename("/a/b"), path.sep, path.basename === basename, basename("/c/d"));
console.log(globalThis.asked.join());
console.log(typeof all.readFileSync, all.constants.F_OK);
console.log(globalThis.asked.join());
console.log(typeof createHash);
`);
    expect(await runBundle(code)).toBe(
      "\nb / true d\nnode:path\nfunction 0\nnode:path,node:fs\nfunction\n",
    );
  });

  it("passes a built-in module on without loading it", async () => {
    const code = await bundleOf(
      `import * as posix from "./pass_on.ts";
console.log(globalThis.asked.join());
console.log(posix.basename("/a/b"), globalThis.asked.join());
`,
      { "cli/pass_on.ts": 'export * from "node:path/posix";\n' },
    );
    expect(await runBundle(code)).toBe("\nb node:path/posix\n");
  });

  it("lets classes extend what a built-in module exports", async () => {
    const code = await bundleOf(`import { EventEmitter } from "node:events";
import Emitter from "node:events";
class A extends EventEmitter {}
class B extends Emitter {}
new A().on("x", (value: number) => console.log("A", value)).emit("x", 1);
new B().on("x", (value: number) => console.log("B", value)).emit("x", 2);
`);
    expect(await runBundle(code)).toBe("A 1\nB 2\n");
  });

  it("keeps a module that is imported lazily from being run at start", async () => {
    const code = await bundleOf(
      `console.log(globalThis.asked.join());
const { run } = await import("./late.ts");
run();
console.log(globalThis.asked.join());
`,
      {
        "cli/late.ts": `import { Command } from "commander";
import { sep } from "node:path";
console.log("late");
export const run = () => console.log(sep, new Command("x").name());
`,
      },
    );
    expect(await runBundle(code)).toBe("\nlate\n/ x\nnode:events,node:path\n");
  });

  it("carries its version, commit and date, and the text files it imports", async () => {
    const code = await bundleOf(
      `import text from "./x.txt" with { type: "text" };
declare const __NOMOS_VERSION__: string, __NOMOS_COMMIT__: string, __NOMOS_BUILD_DATE__: string;
console.log(__NOMOS_VERSION__, __NOMOS_COMMIT__, __NOMOS_BUILD_DATE__, text);
`,
      { "cli/x.txt": "hello" },
    );
    expect(await runBundle(code)).toBe("1.2.3 0123456789ab 2026-01-02T03:04:05Z hello\n");
  });

  it("names the built-in module that a runtime lacks", async () => {
    const code = await bundleOf(`import { DatabaseSync } from "node:sqlite";
process.getBuiltinModule = () => undefined;
try {
  console.log(DatabaseSync);
} catch (error) {
  console.log(String(error));
}
`);
    expect(await runBundle(code)).toBe(
      'Error: Cannot load "node:sqlite": this runtime does not have it\n',
    );
  });
});

describe("eagerBuiltins", () => {
  it.each<[line: string, eager: boolean]>([
    ['import fs from "node:fs";', true],
    ['import "fs/promises";', true],
    ['export * from "node:path";', true],
    ['const text = `import fs from "node:fs"`;', false],
    ['import x from "./fs.mjs";', false],
    ["export { fs };", false],
  ])("tells whether %s loads at start", (line, eager) => {
    expect(eagerBuiltins(`// first\n${line}\n`)).toEqual(eager ? [line] : []);
  });
});

describe("formatBuildDate", () => {
  it("takes SOURCE_DATE_EPOCH over the clock", () => {
    expect(formatBuildDate("1700000000", 0)).toBe("2023-11-14T22:13:20Z");
    expect(formatBuildDate(undefined, 1_700_000_000_999)).toBe("2023-11-14T22:13:20Z");
  });

  it.each(["", "yesterday", "-1", "1e9"])("refuses SOURCE_DATE_EPOCH %j", (epoch) => {
    expect(() => formatBuildDate(epoch, 0)).toThrow(
      `Cannot read SOURCE_DATE_EPOCH "${epoch}": expected seconds since 1970`,
    );
  });
});
