/**
 * Type-checks every source file of the project; the sources of the browser's pages apart, with the types of a
 * document. `deno run -A scripts/types.ts [--root DIR]`.
 */
import { join } from "node:path";
import { type Finding, runCheck } from "./lib/finding.ts";
import { isPageSource } from "./lib/page_sources.ts";
import { checkWithLibs, compilerFailure } from "./lib/compiler.ts";
import { runDeno } from "./lib/run.ts";
import { readSources } from "./lib/sources.ts";
import { PRODUCT, SUPPORT } from "./lib/tree.ts";

/** Runs the compiler over a tree. */
export async function checkTypes(root: string): Promise<readonly Finding[]> {
  const { files, failures } = await readSources(root, [...PRODUCT, ...SUPPORT]);
  const pages = files.filter(isPageSource).map((file) => file.path);
  const rest = files.filter((file) => !isPageSource(file)).map((file) => join(root, file.path));
  const ran = await runDeno(["check", "--quiet", ...rest], { cwd: root, env: { NO_COLOR: "1" } });
  const own = ran.code === 0 ? [] : [compilerFailure("does not pass the compiler", ran.text)];
  const libs = ["esnext", "dom", "dom.iterable"];
  return [...failures, ...own, ...await checkWithLibs(root, pages, libs, "as a browser's page")];
}

if (import.meta.main) await runCheck("types", checkTypes);
