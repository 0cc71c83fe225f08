/**
 * Runs the tests: `deno run -A scripts/run_tests.ts [--suite NAME]… [-t NAME_PATTERN] [FILE_FILTER]…`.
 *
 * Without `--suite` every suite runs but those that ask to be named (`tests/suites.ts`). The last line is
 * `N passed, N failed, N skipped`, over all suites; the exit code is 0 only if nothing failed. With `TEST_COUNTS` set
 * to a file, a line of JSON per suite is appended to it.
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { listSuites, SUITE_SETTINGS } from "../tests/suites.ts";
import { print, PROJECT_ROOT } from "./lib/finding.ts";
import { addCounts, CountReporter, type Counts, formatCounts } from "./lib/test_counts.ts";
import { listFiles } from "./lib/tree.ts";

/** What to run. */
interface Selection {
  readonly root: string;
  readonly suites: readonly string[];
  /** Parts of file paths; none means all files. */
  readonly filters: readonly string[];
  readonly namePattern: string | undefined;
}

function readSelection(): Selection {
  const { values, positionals } = parseArgs({
    args: Deno.args.filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      root: { type: "string", default: PROJECT_ROOT },
      suite: { type: "string", multiple: true },
      "test-name": { type: "string", short: "t" },
    },
  });
  const known = listSuites(values.root);
  const suites = values.suite ??
    known.filter((suite) => SUITE_SETTINGS[suite]?.byDefault !== false);
  const unknown = suites.filter((suite) => !known.includes(suite));
  if (unknown.length > 0) {
    print(`Cannot run suite "${unknown.join(", ")}": no such suite, expected ${known.join(", ")}`);
    finish(new Map([["unknown suite", { passed: 0, failed: 1, skipped: 0 }]]));
  }
  return { root: values.root, suites, filters: positionals, namePattern: values["test-name"] };
}

/** Tests that no suite would ever run. */
async function listStrays(root: string): Promise<string[]> {
  return (await listFiles(root)).filter((path) =>
    /\.test\.tsx?$/.test(path) && !/^tests\/[^/]+\//.test(path)
  );
}

async function runSuites(selection: Selection): Promise<Map<string, Counts>> {
  const reporter = new CountReporter();
  const vitest = await startVitest("test", [...selection.filters], {
    root: selection.root,
    config: join(selection.root, "tests/vitest.config.ts"),
    project: [...selection.suites],
    reporters: ["default", reporter],
    watch: false,
    ...selection.namePattern === undefined ? {} : { testNamePattern: selection.namePattern },
  });
  await vitest.close();
  return reporter.counts;
}

function finish(counts: Map<string, Counts>): never {
  const path = Deno.env.get("TEST_COUNTS");
  if (path !== undefined) {
    const lines = [...counts].map(([suite, of]) => JSON.stringify({ suite, ...of }) + "\n");
    Deno.writeTextFileSync(path, lines.join(""), { append: true });
  }
  const sum = addCounts(counts.values());
  print(formatCounts(sum));
  Deno.exit(sum.failed === 0 ? 0 : 1);
}

const selection = readSelection();
const counts = await runSuites(selection).catch((error: unknown) => {
  print(`Cannot run the tests: ${error instanceof Error ? error.stack : error}`);
  return new Map([["the run itself", { passed: 0, failed: 1, skipped: 0 }]]);
});
for (const path of await listStrays(selection.root)) {
  print(`Cannot run "${path}": it belongs to no suite, expected it below tests/<suite>/`);
  counts.set(path, { passed: 0, failed: 1, skipped: 0 });
}
// The runner's own verdict counts as well: it knows of failures that belong to no test and to no file.
if (process.exitCode && addCounts(counts.values()).failed === 0) {
  counts.set("the run itself", { passed: 0, failed: 1, skipped: 0 });
}
finish(counts);
