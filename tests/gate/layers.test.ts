import { describe, expect, it } from "vitest";
import { checkLayers } from "../../scripts/layers.ts";
import { formatFinding } from "../../scripts/lib/finding.ts";
import { SmallTree } from "./support/small_tree.ts";

async function findings(changes: Readonly<Record<string, string>> = {}): Promise<string[]> {
  await using tree = await SmallTree.with(changes);
  return (await checkLayers(tree.root)).map(formatFinding);
}

describe("layers", () => {
  it("have nothing to say about a sound tree", async () => {
    expect(await findings()).toEqual([]);
  });

  const page = '/// <reference lib="dom" />\nconsole.log(window.name);\n';

  const refused: Readonly<Record<string, readonly [path: string, text: string, finding: string]>> =
    {
      "refuse an import upward": [
        "core/encoding/up.ts",
        '// One line above.\n\nexport { four } from "../engine/mod.ts";\n',
        "core/encoding/up.ts:3:1 imports core/engine/mod.ts: encoding (0) must not know engine (7)",
      ],
      "refuse an import upward that only takes a type": [
        "core/encoding/up.ts",
        'export type T = import("../engine/four.ts").four;\n',
        "core/encoding/up.ts:1:17 imports core/engine/four.ts: encoding (0) must not know engine (7)",
      ],
      "refuse a lazy import upward": [
        "core/encoding/up.ts",
        'export const load = () => import("../engine/mod.ts");\n',
        "core/encoding/up.ts:1:27 imports core/engine/mod.ts: encoding (0) must not know engine (7)",
      ],
      "refuse an import between rooms of one layer": [
        "core/policy/x.ts",
        'import "../normalize/y.ts";\n',
        "core/policy/x.ts:1:1 imports core/normalize/y.ts: policy (5) must not know normalize (5)",
      ],
      "keep core from the commands": [
        "core/engine/x.ts",
        'import "../../commands/four.ts";\n',
        "core/engine/x.ts:1:1 imports commands/four.ts: engine (7) must not know commands (11)",
      ],
      "keep the adapters from the rest of the command line": [
        "cli/adapters/x.ts",
        'import "../parse.ts";\n',
        "cli/adapters/x.ts:1:1 imports cli/parse.ts: cli/adapters (11.5) must not know cli (12)",
      ],
      "keep the commands from the adapters": [
        "commands/x.ts",
        'import "../cli/adapters/clock.ts";\n',
        "commands/x.ts:1:1 imports cli/adapters/clock.ts: commands (11) must not know cli/adapters (11.5)",
      ],
      "keep product code from the tests": [
        "cli/x.ts",
        'import "../tests/unit/four.test.ts";\n',
        "cli/x.ts:1:1 imports tests/unit/four.test.ts: product code must not know tests",
      ],
      "keep the command line library in one file": [
        "cli/x.ts",
        'import { Command } from "commander";\n',
        "cli/x.ts:1:1 imports commander: only cli/parse.ts knows the command line library",
      ],
      "keep adapters and the engine apart but for one file": [
        "cli/x.ts",
        'import "./adapters/clock.ts";\nimport "../core/engine/mod.ts";\n',
        "cli/x.ts:1:1 imports an adapter and engine: only cli/compose.ts joins the two",
      ],
      "refuse a package that core may not use": [
        "core/engine/x.ts",
        'import "@logtape/logtape";\n',
        "core/engine/x.ts:1:1 imports @logtape/logtape: core may use zod, yaml, hono, jose, re2js, " +
        "@cfworker/json-schema, @noble/hashes only",
      ],
      "refuse a built-in module in core": [
        "core/engine/x.ts",
        'import "node:fs";\n',
        "core/engine/x.ts:1:1 imports node:fs: core may use zod, yaml, hono, jose, re2js, " +
        "@cfworker/json-schema, @noble/hashes only",
      ],
      "refuse a module from the network": [
        "cli/x.ts",
        'import "https://example.test/x.ts";\n',
        "cli/x.ts:1:1 imports https://example.test/x.ts: only packages named in deno.json may be imported",
      ],
      "refuse an import whose name is computed": [
        "commands/x.ts",
        "export const load = (name: string) => import(name);\n",
        "commands/x.ts:1:39 imports a module whose name is computed: nobody can check it, name it",
      ],
      "refuse a room that nobody has named": [
        "core/attic/x.ts",
        "export const x = 1;\n",
        "core/attic/x.ts:1:1 lies in no room: name its folder and layer in lib/rooms.ts",
      ],
      "refuse Deno in core": [
        "core/engine/x.ts",
        'export const x = Deno.env.get("X");\n',
        "core/engine/x.ts:1:18 names Deno: core runs in any runtime, use an adapter behind a port",
      ],
      "refuse to print from core": [
        "core/engine/x.ts",
        'console.log("hello");\n',
        "core/engine/x.ts:1:1 names console: core runs in any runtime, use an observer, or the terminal " +
        "of the command line",
      ],
      "refuse process in core": [
        "core/engine/x.ts",
        "export const x = { e: process.env };\n",
        "core/engine/x.ts:1:23 names process: core runs in any runtime, use an adapter behind a port",
      ],
      "refuse a runtime's name that core only declares": [
        "core/engine/x.ts",
        "declare const Deno: { pid: number };\nexport const x = Deno.pid;\n",
        "core/engine/x.ts:2:18 names Deno: core runs in any runtime, use an adapter behind a port",
      ],
      "refuse a runtime's name as a member of the global object": [
        "core/engine/x.ts",
        "export const x = (globalThis as { Deno?: unknown }).Deno;\n",
        "core/engine/x.ts:1:19 names Deno: core runs in any runtime, use an adapter behind a port",
      ],
      "refuse the global object as a value": [
        "core/engine/x.ts",
        'const all = globalThis;\nexport const x = all["pro" + "cess"];\n',
        "core/engine/x.ts:1:13 uses globalThis as a value: name the member that is needed, as in " +
        "globalThis.crypto",
      ],
      "refuse types of a runtime in core": [
        "core/engine/x.ts",
        '/// <reference types="node" />\nexport const x = 1;\n',
        "core/engine/x.ts:1:1 refers to other types: core has those of the language and of a web worker",
      ],
      "refuse to import a page's source as code": [
        "core/ui/mod.ts",
        'import "./page.ts";\n',
        "core/ui/mod.ts:1:1 imports core/ui/page.ts: that is a page's source, import the text that is " +
        "bundled from it",
      ],
      "refuse what does not parse": [
        "core/engine/x.ts",
        "const = 1;\n",
        "core/engine/x.ts:1:1 cannot be parsed: Parse failed with 1 error:",
      ],
    };

  it.each(Object.entries(refused))("%s", async (_, [path, text, finding]) => {
    const found = await findings({ "core/ui/page.ts": page, [path]: text });
    expect(found.map((line) => line.split("\n")[0])).toContain(finding);
  });

  const accepted: Readonly<Record<string, readonly [path: string, text: string]>> = {
    "leave words in comments and strings alone": [
      "core/engine/x.ts",
      '// Deno.env, process.env and console.log\nexport const x = "Deno.env";\n',
    ],
    "leave members and keys of such names alone": [
      "core/engine/x.ts",
      "export const x = { process: 1, Deno: 2 };\nexport const y = x.process + x.Deno;\n" +
      "export interface P {\n  process(console: string): void;\n}\n",
    ],
    "leave names alone that the file itself binds": [
      "core/engine/x.ts",
      "export function f(process: { run(): void }): void {\n  process.run();\n}\n",
    ],
    "accept a member of the global object by its name": [
      "core/engine/x.ts",
      "export const x = globalThis.crypto;\n",
    ],
    "accept a part of a package that core may use": [
      "core/engine/x.ts",
      'export { sha256 } from "@noble/hashes/sha2.js";\n',
    ],
    "accept an import within one room": ["core/engine/parts/x.ts", 'import "../four.ts";\n'],
    "accept what a page's source uses of its document": ["core/ui/page.ts", page],
    "accept printing outside of core": ["cli/x.ts", 'console.log("hello");\n'],
  };

  it.each(Object.entries(accepted))("%s", async (_, [path, text]) => {
    expect(await findings({ [path]: text })).toEqual([]);
  });
});
