import { join } from "node:path";
import type { Finding } from "./finding.ts";
import { parseSource, type SourceFile } from "./syntax.ts";
import { listFiles } from "./tree.ts";

/** Parsed files, and what is to be said about those that could not be parsed. */
export interface Sources {
  readonly files: readonly SourceFile[];
  readonly failures: readonly Finding[];
}

/** Reads and parses the TypeScript files below some places of a tree. */
export async function readSources(root: string, places: readonly string[]): Promise<Sources> {
  const files: SourceFile[] = [];
  const failures: Finding[] = [];
  for (const path of await listFiles(root, places)) {
    if (!/\.tsx?$/.test(path)) continue;
    const text = await Deno.readTextFile(join(root, path));
    try {
      files.push(parseSource(path, text));
    } catch (error) {
      const message = `cannot be parsed: ${error instanceof Error ? error.message : error}`;
      failures.push({ path, line: 1, column: 1, message, severity: "failure" });
    }
  }
  return { files, failures };
}
