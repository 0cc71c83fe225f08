import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import type { Recovery } from "../../core/ports/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { Child, SECONDS } from "./support/child.ts";
import { generation, large } from "./support/generations.ts";

describe("a process killed while it changes several files", () => {
  it("leaves all of a change or nothing of it, and every file whole", async () => {
    using folder = new TempFolder();
    for (const [path, text] of Object.entries(generation(0))) folder.write(path, text);
    folder.write("large", large(0));
    const seen = { kills: 0, repaired: 0, completed: 0, removed: 0, generations: 0 };
    const until = performance.now() + Math.max(SECONDS, 3) * 1_000;
    while (performance.now() < until || seen.repaired === 0) {
      const before = generationOf(folder);
      const recovery = await killOnce(folder, before);
      seen.kills++;
      seen.completed += recovery.completed;
      seen.removed += recovery.removed;
      if (recovery.completed + recovery.removed > 0) seen.repaired++;
      const after = generationOf(folder);
      expect(after).toBeGreaterThan(before);
      seen.generations = after;
      expect(recovery).toMatchObject({ undone: 0, failed: [] });
      expect(seen.kills).toBeLessThan(2_000);
    }
    expect(seen.repaired).toBeGreaterThan(0);
    process.stderr.write(`killed: ${JSON.stringify(seen)}\n`);
  });
});

async function killOnce(folder: TempFolder, from: number): Promise<Recovery> {
  await using child = new Child("generations.ts", [folder.path, String(from)]);
  await child.says("going");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  await child.kill();
  const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
  await workspace.close();
  return workspace.recovery;
}

/** The generation that all files agree on. */
function generationOf(folder: TempFolder): number {
  const { large: big, ...files } = folder.tree();
  const number = Number(files["a.txt"]?.replace("generation ", ""));
  expect(files).toEqual(generation(number));
  expect([large(number), large(number - 1)]).toContain(big);
  expect(readdirSync(folder.path).filter((name) => name.startsWith(".nomos-"))).toEqual([]);
  return number;
}
