import type { Reporter, TestModule } from "vitest/node";

/** How many tests passed, failed and did not run. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line by which others read a run: always the last, always alone. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Adds counts up. */
export function addCounts(all: Iterable<Counts>): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/**
 * Counts the tests of a run by suite. What keeps tests from running at all counts as a failure, too: a file that
 * cannot be imported, a hook that throws, an error outside of any test.
 */
export class CountReporter implements Reporter {
  /** By suite. */
  readonly counts: Map<string, Counts> = new Map();

  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    for (const module of modules) this.#countModule(module);
    if (strayErrors.length > 0) this.#of("outside of any test").failed += strayErrors.length;
  }

  #countModule(module: TestModule): void {
    const counts = this.#of(module.project.name);
    if (module.errors().length > 0) counts.failed++;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) counts.failed++;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed++;
      else if (state === "failed") counts.failed++;
      else counts.skipped++;
    }
  }

  #of(suite: string): Counts {
    const counts = this.counts.get(suite) ?? { passed: 0, failed: 0, skipped: 0 };
    this.counts.set(suite, counts);
    return counts;
  }
}
