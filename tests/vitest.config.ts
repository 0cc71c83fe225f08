import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { listSuites, SUITE_SETTINGS } from "./suites.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Vite knows `"./x.html?raw"` where the language says `"./x.html" with { type: "text" }`. */
const textImports = {
  name: "text-imports",
  enforce: "pre" as const,
  transform: (code: string): string =>
    code.replace(
      /("\.[^"\n]+)"(\s+with\s*|\s*,\s*\{\s*with:\s*)\{\s*type:\s*"text",?\s*\}(\s*,?\s*\})?/g,
      '$1?raw"',
    ),
};

function project(suite: string): TestProjectConfiguration {
  const { isolate = false, testTimeout = 5000, fileParallelism = true } = SUITE_SETTINGS[suite] ??
    {};
  return {
    extends: true,
    test: {
      name: suite,
      include: [`tests/${suite}/**/*.test.{ts,tsx}`],
      isolate,
      testTimeout,
      hookTimeout: testTimeout,
      fileParallelism,
    },
  };
}

export default defineConfig({
  root,
  plugins: [textImports],
  test: {
    projects: listSuites(root).map(project),
    pool: "forks",
    maxWorkers: "100%",
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
});
