import { describe, expect, it } from "vitest";
import { formatFinding } from "../../scripts/lib/finding.ts";
import { checkNeutralCore } from "../../scripts/neutral_core.ts";
import { SmallTree } from "./support/small_tree.ts";

async function findings(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  await using tree = await SmallTree.with(changes);
  return (await checkNeutralCore(tree.root)).map(formatFinding).join("\n");
}

describe("neutral core", () => {
  it("accepts what a web worker has", async () => {
    const text = 'export const bytes: Uint8Array = new TextEncoder().encode("x");\n' +
      'export const url = new URL("a:b");\nexport const random = crypto.randomUUID;\n';
    expect(await findings({ "core/engine/x.ts": text })).toBe("");
  });

  it("refuses the types of Deno, of Node and of a document", async () => {
    const text = `export const all: unknown[] = [
  Deno.env,
  process.env,
  Buffer.from(""),
  document.title,
  setTimeout(() => {}, 1).unref(),
];
`;
    const found = await findings({ "core/engine/x.ts": text });
    expect(found).toContain("does not pass the compiler without the types of Deno and Node");
    expect(found.match(/\[ERROR\]: [^.]+/g)).toEqual([
      "[ERROR]: Cannot find name 'Deno'",
      "[ERROR]: Cannot find name 'process'",
      "[ERROR]: Cannot find name 'Buffer'",
      "[ERROR]: Cannot find name 'document'",
      "[ERROR]: Property 'unref' does not exist on type 'number'",
    ]);
  });

  it("refuses what does not build for a browser", async () => {
    const found = await findings({
      "core/engine/mod.ts":
        'import * as fs from "node:fs";\nexport const four = fs.constants.F_OK;\n',
    });
    expect(found).toContain(
      'core/engine/mod.ts:1:21 does not build for a browser: Could not resolve "node:fs"',
    );
  });

  it("leaves the sources of pages to the check with a document", async () => {
    const text = '/// <reference lib="dom" />\nexport const title = document.title;\n';
    expect(await findings({ "core/ui/page.ts": text })).toBe("");
  });
});
