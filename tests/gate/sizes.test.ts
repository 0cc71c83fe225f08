import { describe, expect, it } from "vitest";
import { formatFinding } from "../../scripts/lib/finding.ts";
import { checkSizes } from "../../scripts/sizes.ts";
import { SmallTree } from "./support/small_tree.ts";

async function findings(changes: Readonly<Record<string, string>> = {}): Promise<string[]> {
  await using tree = await SmallTree.with(changes);
  return (await checkSizes(tree.root)).map(formatFinding);
}

function linesOfCode(count: number): string {
  return Array.from({ length: count }, (_, line) => `export const x${line} = ${line};\n`).join("");
}

function functionOf(lines: number): string {
  return `export function long(): void {\n${"  void 0;\n".repeat(lines - 2)}}\n`;
}

// Put together here, so that this file does not hold what it looks for.
const ONLY = ["it", "only"].join(".");
const UNFINISHED = ["TO", "DO"].join("");
const UNLINTED = ["deno", "lint", "ignore"].join("-");
const OUTSIDE = ["shared", "spec"].join("/");

describe("sizes", () => {
  it("have nothing to say about a sound tree", async () => {
    expect(await findings()).toEqual([]);
  });

  it.each<[lines: number, expected: string[]]>([
    [200, []],
    [201, ["cli/x.ts:1:1 note: has 201 lines, expected at most 200"]],
    [400, ["cli/x.ts:1:1 note: has 400 lines, expected at most 200"]],
    [401, ["cli/x.ts:1:1 has 401 lines, expected at most 400"]],
  ])("judge a file of %d lines", async (lines, expected) => {
    expect(await findings({ "cli/x.ts": linesOfCode(lines) })).toEqual(expected);
  });

  it.each<[lines: number, expected: string[]]>([
    [50, []],
    [51, ["cli/x.ts:1:8 note: function long has 51 lines, expected at most 50"]],
    [80, ["cli/x.ts:1:8 note: function long has 80 lines, expected at most 50"]],
    [81, ["cli/x.ts:1:8 function long has 81 lines, expected at most 80"]],
  ])("judge a function of %d lines", async (lines, expected) => {
    expect(await findings({ "cli/x.ts": functionOf(lines) })).toEqual(expected);
  });

  it("let tests be as long as they need to be", async () => {
    const text = `import { it } from "vitest";\n${linesOfCode(500)}`;
    expect(await findings({ "tests/unit/x.test.ts": text })).toEqual([]);
  });

  it.each<[text: string, finding: string]>([
    ["export const x: any = 1;", "cli/x.ts:1:17 lets any type through: use unknown, and narrow it"],
    [
      "export const x = 1 as any;",
      "cli/x.ts:1:23 lets any type through: use unknown, and narrow it",
    ],
    [
      "export const x = [1][0]!;",
      "cli/x.ts:1:18 asserts with `!` that a value is there: handle both",
    ],
    ["// @ts-ignore\nexport const x = 1;", 'cli/x.ts:1:4 "@ts-ignore" suppresses the compiler'],
    [
      "// @ts-expect-error it is so\nexport const x = 1;",
      'cli/x.ts:1:4 "@ts-expect-error" suppresses the compiler',
    ],
    [
      `// ${UNLINTED} no-console\nconsole.log(1);`,
      `cli/x.ts:1:4 "${UNLINTED}" suppresses the linter without a reason: add \`-- <why>\``,
    ],
    [`// ${UNFINISHED} later`, `cli/x.ts:1:4 "${UNFINISHED}" is unfinished work`],
    [
      `// See ${OUTSIDE}/01.`,
      `cli/x.ts:1:8 "${OUTSIDE}" points to a place outside of the project, which nobody who clones it has`,
    ],
  ])("refuse %j", async (text, finding) => {
    expect(await findings({ "cli/x.ts": `${text}\n` })).toEqual([finding]);
  });

  it.each(["export const any = 'any';", `// ${UNLINTED} no-console -- the terminal itself`])(
    "accept %j",
    async (text) => {
      expect(await findings({ "cli/x.ts": `${text}\n` })).toEqual([]);
    },
  );

  it("refuse a focused test, and one behind other words", async () => {
    const text = `${ONLY}("x", () => {});\n${ONLY.replace(".", ".concurrent.")}("y", () => {});\n`;
    expect(await findings({ "tests/unit/x.test.ts": text })).toEqual([
      `tests/unit/x.test.ts:1:1 ${ONLY} keeps tests from running`,
      `tests/unit/x.test.ts:2:1 ${ONLY} keeps tests from running`,
    ]);
  });

  it("find words that lead out of the project in any kind of file", async () => {
    const found = await findings({ "docs/guide.md": `# Guide\n\nSee ${OUTSIDE}.\n` });
    expect(found.map((line) => line.split(" ")[0])).toEqual(["docs/guide.md:3:5"]);
  });
});
