/**
 * Shows that core needs no particular runtime: it passes the compiler with the types of a web worker and none of Deno
 * or Node, and its front door builds for a browser. `deno run -A scripts/neutral_core.ts [--root DIR]`.
 */
import * as esbuild from "esbuild";
import { checkWithLibs } from "./lib/compiler.ts";
import { type Finding, runCheck } from "./lib/finding.ts";
import { isPageSource } from "./lib/page_sources.ts";
import { readSources } from "./lib/sources.ts";

/** Checks the types and the bundle of a tree's core. */
export async function checkNeutralCore(root: string): Promise<readonly Finding[]> {
  const { files, failures } = await readSources(root, ["core"]);
  const paths = files.filter((file) => !isPageSource(file)).map((file) => file.path);
  if (paths.length === 0) return failures;
  const [types, bundle] = await Promise.all([
    checkWithLibs(root, paths, ["esnext", "webworker"], "without the types of Deno and Node"),
    checkBundle(root, paths),
  ]);
  return [...failures, ...types, ...bundle];
}

async function checkBundle(root: string, paths: readonly string[]): Promise<Finding[]> {
  const doors = paths.includes("core/mod.ts")
    ? ["core/mod.ts"]
    : paths.filter((path) => /^core\/[^/]+\/mod\.ts$/.test(path));
  try {
    const result = await esbuild.build({
      absWorkingDir: root,
      entryPoints: doors,
      outdir: "dist",
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "esnext",
      logLevel: "silent",
    }).catch((error: unknown) => {
      if (isBuildFailure(error)) return error;
      throw error;
    });
    return result.errors.map(({ text, location }) => ({
      path: location?.file ?? "core",
      line: location?.line ?? 1,
      column: (location?.column ?? 0) + 1,
      message: `does not build for a browser: ${text}`,
      severity: "failure" as const,
    }));
  } finally {
    await esbuild.stop();
  }
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

if (import.meta.main) await runCheck("neutral core", checkNeutralCore);
