import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { SmallTree } from "./support/small_tree.ts";

interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Runs a script of the gate as a program on a tree of its own. */
function runScript(name: string, tree: SmallTree, args: readonly string[] = []): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: "1", TEST_COUNTS: join(tree.root, "counts.jsonl") };
  const command = ["run", "-A", `scripts/${name}.ts`, "--root", tree.root, ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { env }, (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split("\n") });
    });
  });
}

const PASSING = 'import { it } from "vitest";\n\nit("passes", () => {});\n';

describe("a script of the gate", () => {
  const broken: Readonly<Record<string, readonly [path: string, text: string]>> = {
    layers: ["core/encoding/up.ts", 'import "../engine/mod.ts";\n'],
    sizes: ["core/encoding/up.ts", "export const x: any = 1;\n"],
    neutral_core: ["core/encoding/up.ts", "export const x = Deno.pid;\n"],
    types: ["tests/unit/x.test.ts", "export const x: string = 1;\n"],
  };

  it.each(Object.entries(broken))("%s ends with 0 or with 1", async (name, [path, text]) => {
    await using tree = await SmallTree.with();
    const sound = await runScript(name, tree);
    expect([sound.code, sound.lines.at(-1)]).toEqual([
      0,
      `${name.replace("_", " ")}: 0 failures, 0 notes`,
    ]);
    await tree.write(path, text);
    const failed = await runScript(name, tree);
    expect([failed.code, failed.lines.at(-1)]).toEqual([
      1,
      `${name.replace("_", " ")}: 1 failures, 0 notes`,
    ]);
  });
});

describe("run_tests", () => {
  const suites = {
    "tests/http/a.test.ts": PASSING,
    "tests/deep/a.test.ts": PASSING,
    "tests/unit/four.test.ts": PASSING,
  };

  async function sandbox(changes: Readonly<Record<string, string>> = {}): Promise<SmallTree> {
    const own = await Promise.all(["suites.ts", "vitest.config.ts"].map(async (name) => [
      `tests/${name}`,
      await readFile(new URL(`../${name}`, import.meta.url), "utf8"),
    ]));
    return await SmallTree.with({ ...Object.fromEntries(own), ...suites, ...changes });
  }

  it("adds up all suites but those that ask to be named", async () => {
    await using tree = await sandbox();
    const ran = await runScript("run_tests", tree);
    expect([ran.code, ran.lines.at(-1)]).toEqual([0, "2 passed, 0 failed, 0 skipped"]);
    expect((await readFile(join(tree.root, "counts.jsonl"), "utf8")).trim().split("\n").sort())
      .toEqual([
        '{"suite":"http","passed":1,"failed":0,"skipped":0}',
        '{"suite":"unit","passed":1,"failed":0,"skipped":0}',
      ]);
  });

  it("runs a suite that is named, and files that are asked for", async () => {
    await using tree = await sandbox();
    const deep = await runScript("run_tests", tree, ["--suite", "deep"]);
    const file = await runScript("run_tests", tree, ["--", "http/a"]);
    expect(deep.lines.at(-1)).toBe("1 passed, 0 failed, 0 skipped");
    expect(file.lines.at(-1)).toBe("1 passed, 0 failed, 0 skipped");
  });

  const failing: Readonly<Record<string, readonly [text: string, lastLine: string]>> = {
    "a test that fails": [
      'import { it } from "vitest";\nit("a", () => {\n  throw new Error("no");\n});\n',
      "2 passed, 1 failed, 0 skipped",
    ],
    "a file that cannot be imported": [
      `import "./nowhere.ts";\n${PASSING}`,
      "2 passed, 1 failed, 0 skipped",
    ],
    "a file without a test": ["export {};\n", "2 passed, 1 failed, 0 skipped"],
    "a hook that throws, and the test it keeps from running": [
      'import { beforeAll, describe, it } from "vitest";\ndescribe("a", () => {\n' +
      '  beforeAll(() => {\n    throw new Error("no");\n  });\n  it("b", () => {});\n});\n',
      "2 passed, 1 failed, 1 skipped",
    ],
    "an error that no test waits for": [
      'import { it } from "vitest";\nit("a", () => {\n  Promise.reject(new Error("no"));\n});\n',
      "3 passed, 1 failed, 0 skipped",
    ],
  };

  it.each(Object.entries(failing))("counts %s", async (_, [text, lastLine]) => {
    await using tree = await sandbox({ "tests/unit/x.test.ts": text });
    const ran = await runScript("run_tests", tree);
    expect([ran.code, ran.lines.at(-1)]).toEqual([1, lastLine]);
  });

  it("fails when nothing matches, when a suite is unknown, and when a test has no suite", async () => {
    await using tree = await sandbox();
    const nothing = await runScript("run_tests", tree, ["nowhere"]);
    const unknown = await runScript("run_tests", tree, ["--suite", "nowhere"]);
    await tree.write("core/engine/four.test.ts", PASSING);
    const stray = await runScript("run_tests", tree);
    expect([nothing.code, nothing.lines.at(-1)]).toEqual([1, "0 passed, 1 failed, 0 skipped"]);
    expect([unknown.code, unknown.lines.at(-1)]).toEqual([1, "0 passed, 1 failed, 0 skipped"]);
    expect([stray.code, stray.lines.at(-1)]).toEqual([1, "2 passed, 1 failed, 0 skipped"]);
  });

  it("reads text that is imported as such", async () => {
    await using tree = await sandbox({
      "tests/unit/x.txt": "hello\n",
      "tests/unit/x.test.ts": 'import { expect, it } from "vitest";\n' +
        'import still from "./x.txt" with { type: "text" };\n\nit("reads", async () => {\n' +
        '  const lazy = await import("./x.txt", { with: { type: "text" } });\n' +
        '  expect([still, lazy.default]).toEqual(["hello\\n", "hello\\n"]);\n});\n',
    });
    const ran = await runScript("run_tests", tree, ["--suite", "unit"]);
    expect(ran.lines.at(-1)).toBe("2 passed, 0 failed, 0 skipped");
  });
});
