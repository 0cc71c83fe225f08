import { appendFileSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import type { ReadOptions } from "../../core/ports/mod.ts";
import { must } from "../support/perform.ts";
import { TempFolder } from "../support/temp_folder.ts";

const SIZE = 2 ** 31 + 1_000;
const MEGABYTE = 1_048_576;

let folder: TempFolder;

beforeAll(() => {
  folder = new TempFolder(join(tmpdir(), `nomos-large-${process.pid}`));
  plant();
});

afterAll(() => folder[Symbol.dispose]());

describe("a file of two gigabytes", () => {
  const cases: readonly (readonly [string, ReadOptions, string | number, boolean])[] = [
    ["is read up to the cap", { maxBytes: MEGABYTE }, MEGABYTE, true],
    [
      "is searched for a line near its end",
      { maxBytes: MEGABYTE, offsetLine: 3 },
      "third\n",
      false,
    ],
    ["is searched for a line it has not", { maxBytes: MEGABYTE, offsetLine: 4_000 }, "", false],
    [
      "gives one of its lines as far as the cap goes",
      { maxBytes: 100, offsetLine: 2, limitLines: 1 },
      100,
      true,
    ],
  ];
  for (const [what, options, wish, cut] of cases) {
    it(`${what} in little memory`, async () => {
      const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
      const held = must(await workspace.hold("large", "read"));
      const before = process.memoryUsage().rss;
      let peak = before;
      const watch = setInterval(() => peak = Math.max(peak, process.memoryUsage().rss), 5);
      const read = must(await held.read(options));
      clearInterval(watch);
      peak = Math.max(peak, process.memoryUsage().rss);
      await held.release();
      await workspace.close();
      expect(read.cut).toBe(cut);
      const text = new TextDecoder().decode(read.bytes);
      expect(typeof wish === "number" ? text.length : text).toBe(wish);
      expect(peak - before).toBeLessThan(50 * MEGABYTE);
    });
  }

  it("stops being read when the caller goes away", async () => {
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    const held = must(await workspace.hold("large", "read"));
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 20);
    const read = await held.read({ maxBytes: 10, offsetLine: 4_000, signal: caller.signal });
    await held.release();
    await workspace.close();
    expect(read.ok ? "read" : read.reason.message).toContain("the caller went away");
  });
});

/** A line of text, a sparse line of zeros, and a third line. */
function plant(): void {
  const path = folder.write("large", "first\n");
  truncateSync(path, SIZE);
  appendFileSync(path, "\nthird\n");
}
