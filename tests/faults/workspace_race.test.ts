import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import type { Workspace } from "../../core/ports/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { Child, SECONDS } from "./support/child.ts";

const PATHS = ["file", "dir/file.txt", "real/file.txt"];

interface Counts {
  done: number;
  refused: number;
  leaked: number;
}

/** Lets another process swap names while a test works on them, then looks whether anything escaped. */
async function swapping(
  test: (workspace: Workspace, until: number) => Promise<void>,
): Promise<void> {
  using folder = new TempFolder();
  folder.write("root/inside/file.txt", "inside");
  folder.write("root/real/file.txt", "inside");
  folder.write("outside/file.txt", "SECRET");
  await using child = new Child("swap_links.ts", [folder.at("root"), folder.at("outside")]);
  await child.says("swapping");
  const workspace = await openWorkspace(folder.at("root"), { protectedPaths: [] });
  expect(workspace.guarantee).toBe("race_free");
  const descriptors = readdirSync("/proc/self/fd").length;
  await test(workspace, performance.now() + SECONDS * 1_000);
  // A descriptor lost in every round would be thousands; a few may be the runtime's own.
  expect(readdirSync("/proc/self/fd").length).toBeLessThan(descriptors + 20);
  await workspace.close();
  expect(child.process.exitCode).toBe(null);
  await child.kill();
  expect(readdirSync(folder.at("outside"))).toEqual(["file.txt"]);
  expect(readFileSync(folder.at("outside/file.txt"), "utf8")).toBe("SECRET");
  expect(Object.keys(folder.tree()).filter((path) => path.includes(".nomos-"))).toEqual([]);
}

describe("while another process swaps what names mean", () => {
  it("a check before opening leaks, so that the race is a real one", async () => {
    const counts: Counts = { done: 0, refused: 0, leaked: 0 };
    await swapping(async (workspace, until) => {
      while (performance.now() < until && counts.leaked === 0) {
        await Promise.resolve();
        for (const path of PATHS) readNaively(workspace.root, path, counts);
      }
    });
    expect(counts.leaked).toBeGreaterThan(0);
  });

  it("a read never gives what lies outside", async () => {
    const counts: Counts = { done: 0, refused: 0, leaked: 0 };
    await swapping(async (workspace, until) => {
      while (performance.now() < until) {
        for (const path of PATHS) await readOnce(workspace, path, counts);
      }
    });
    expect(counts.leaked).toBe(0);
    expect(counts.done).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
    process.stderr.write(`read: ${JSON.stringify(counts)}\n`);
  });

  it("a write never changes what lies outside", async () => {
    const counts: Counts = { done: 0, refused: 0, leaked: 0 };
    await swapping(async (workspace, until) => {
      for (let round = 0; performance.now() < until; round++) {
        for (const path of [...PATHS, `dir/new-${round % 7}.txt`, `real/new/${round % 7}.txt`]) {
          await writeOnce(workspace, path, counts);
        }
      }
    });
    expect(counts.done).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(20);
    process.stderr.write(`write: ${JSON.stringify(counts)}\n`);
  });

  it("a change of several files never changes what lies outside", async () => {
    const counts: Counts = { done: 0, refused: 0, leaked: 0 };
    await swapping(async (workspace, until) => {
      while (performance.now() < until) await changeOnce(workspace, counts);
    });
    expect(counts.done).toBeGreaterThan(5);
    expect(counts.refused).toBeGreaterThan(5);
    process.stderr.write(`change: ${JSON.stringify(counts)}\n`);
  });
});

function readNaively(root: string, path: string, counts: Counts): void {
  try {
    const name = `${root}/${path}`;
    if (!realpathSync(name).startsWith(`${root}/`)) throw new Error("outside");
    if (readFileSync(name, "utf8").includes("SECRET")) counts.leaked++;
    counts.done++;
  } catch {
    counts.refused++;
  }
}

async function readOnce(workspace: Workspace, path: string, counts: Counts): Promise<void> {
  const held = await workspace.hold(path, "read");
  if (!held.ok) {
    counts.refused++;
    return;
  }
  const read = await held.value.read({ maxBytes: 100 });
  await held.value.release();
  if (!read.ok) {
    counts.refused++;
    return;
  }
  counts.done++;
  if (new TextDecoder().decode(read.value.bytes).includes("SECRET")) counts.leaked++;
}

async function writeOnce(workspace: Workspace, path: string, counts: Counts): Promise<void> {
  const held = await workspace.hold(path, "write");
  if (!held.ok) {
    counts.refused++;
    return;
  }
  const written = await held.value.replace(new TextEncoder().encode("written"));
  await held.value.release();
  counts[written.ok ? "done" : "refused"]++;
}

async function changeOnce(workspace: Workspace, counts: Counts): Promise<void> {
  const content = new TextEncoder().encode("changed");
  const held = [];
  for (const path of ["dir/file.txt", "real/file.txt"]) {
    const file = await workspace.hold(path, "write");
    if (file.ok) held.push(file.value);
  }
  const result = held.length === 2
    ? await workspace.apply(held.map((file) => ({ kind: "write", held: file, content })))
    : undefined;
  for (const file of held) await file.release();
  counts[result?.ok ? "done" : "refused"]++;
}
