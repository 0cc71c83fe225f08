import { join } from "node:path";
import type { Finding } from "./finding.ts";
import { runDeno } from "./run.ts";

/**
 * Runs the compiler over some files with other libraries than the project's own, and with no types of Deno or Node.
 * The flags are the project's; packages come from its `node_modules`.
 *
 * @param root The tree's top folder, which holds `deno.json`.
 * @param paths Files, from the root; with none there is nothing to find.
 * @param libs What TypeScript's `lib` takes.
 * @param as How a failure calls these circumstances.
 */
export async function checkWithLibs(
  root: string,
  paths: readonly string[],
  libs: readonly string[],
  as: string,
): Promise<Finding[]> {
  if (paths.length === 0) return [];
  const folder = await Deno.makeTempDir({ prefix: "nomos-types-" });
  try {
    const config = join(folder, "deno.json");
    const compilerOptions = { ...await ownFlags(root), lib: libs, types: [] };
    await Deno.writeTextFile(config, JSON.stringify({ nodeModulesDir: "manual", compilerOptions }));
    const files = paths.map((path) => join(root, path));
    const args = ["check", "--quiet", "--no-lock", "--config", config, ...files];
    const ran = await runDeno(args, { cwd: root, env: { NO_COLOR: "1" } });
    return ran.code === 0 ? [] : [compilerFailure(`does not pass the compiler ${as}`, ran.text)];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A failure of the compiler, whose own text says where. */
export function compilerFailure(what: string, text: string): Finding {
  const message = `${what}:\n${text.trimEnd()}`;
  return { path: "deno.json", line: 1, column: 1, message, severity: "failure" };
}

async function ownFlags(root: string): Promise<object> {
  const config: unknown = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  if (typeof config !== "object" || config === null || !("compilerOptions" in config)) return {};
  const { compilerOptions } = config;
  return typeof compilerOptions === "object" && compilerOptions !== null ? compilerOptions : {};
}
