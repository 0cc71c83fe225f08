import { readdirSync } from "node:fs";
import { join } from "node:path";

/** How a suite runs where that differs from the rest. */
export interface SuiteSettings {
  /** Whether the suite is part of a run that names no suite; `true` unless said. */
  readonly byDefault?: boolean;
  /** Whether each file gets a process of its own; `false` unless said, since starting one costs most of a test. */
  readonly isolate?: boolean;
  /** Milliseconds a test may take; 5,000 unless said. */
  readonly testTimeout?: number;
  /** Whether files may run side by side; `true` unless said. */
  readonly fileParallelism?: boolean;
}

/**
 * What is special about a suite. A suite needs no line here: every folder below `tests/` that holds a `*.test.ts` is
 * one.
 */
export const SUITE_SETTINGS: Readonly<Record<string, SuiteSettings>> = {
  // Long generated runs: for a night, not for every change.
  deep: { byDefault: false, testTimeout: 300_000 },
  // Kills processes and fills disks: alone on the machine, one file after the other.
  faults: { byDefault: false, testTimeout: 120_000, fileParallelism: false },
  // These start servers, programs or a browser.
  bypass: { testTimeout: 60_000 },
  examples: { testTimeout: 60_000 },
  gate: { testTimeout: 60_000 },
  // Whole gateways, and hundreds of generated requests in a test.
  http: { testTimeout: 30_000 },
  property: { testTimeout: 120_000 },
  runtime: { testTimeout: 60_000 },
  transcripts: { testTimeout: 60_000 },
  ui: { testTimeout: 60_000 },
};

/**
 * The suites of a tree, sorted by name.
 *
 * @param root The tree's top folder.
 */
export function listSuites(root: string): string[] {
  return readdirSync(join(root, "tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && holdsTests(join(root, "tests", entry.name)))
    .map((entry) => entry.name)
    .sort();
}

function holdsTests(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory() ? holdsTests(join(folder, entry.name)) : /\.test\.tsx?$/.test(entry.name)
  );
}
