import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../../../../cli/adapters/workspace.ts";
import type { FileChange, Workspace } from "../../../../../core/ports/mod.ts";
import { FaultyFs } from "../../../../support/faulty_fs.ts";
import { must } from "../../../../support/perform.ts";
import { TempFolder } from "../../../../support/temp_folder.ts";

const BEFORE = {
  "a.txt": "old a",
  "b/b.txt": "old b",
  "b/gone.txt": "old gone",
  "tool*": "old tool",
};
const AFTER = {
  "a.txt*": "new a",
  "b/b.txt": "new b",
  "n/m/new.txt": "new file",
  "n/m/other.txt": "new other",
  "tool*": "new tool",
};

function plant(): TempFolder {
  const folder = new TempFolder();
  folder.write("a.txt", "old a", 0o640);
  folder.write("b/b.txt", "old b");
  folder.write("b/gone.txt", "old gone");
  folder.write("tool", "old tool", 0o755);
  return folder;
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function changes(workspace: Workspace): Promise<FileChange[]> {
  const write = async (path: string, content: string, mode?: number): Promise<FileChange> => ({
    kind: "write",
    held: must(await workspace.hold(path, "write")),
    content: bytes(content),
    ...(mode === undefined ? {} : { mode }),
  });
  return [
    await write("a.txt", "new a", 0o750),
    await write("n/m/new.txt", "new file"),
    { kind: "delete", held: must(await workspace.hold("b/gone.txt", "write")) },
    await write("b/b.txt", "new b"),
    await write("n/m/other.txt", "new other"),
    await write("tool", "new tool"),
  ];
}

/** What an agent sees of the tree. */
function visible(folder: TempFolder): Record<string, string> {
  return Object.fromEntries(
    Object.entries(folder.tree()).filter(([path]) => !path.includes(".nomos-")),
  );
}

async function applyAll(folder: TempFolder): Promise<string> {
  const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
  const list = await changes(workspace);
  const result = await workspace.apply(list);
  for (const { held } of list) await held.release();
  await workspace.close();
  return result.ok ? `${result.value.bytesWritten} bytes` : result.reason.message;
}

/** A tree whose change died when it was decided but not all of its steps were taken. */
async function dieHalfWay(): Promise<TempFolder> {
  for (let failAt = 30;; failAt++) {
    const folder = plant();
    const death = new FaultyFs(failAt, { once: false });
    await applyAll(folder).catch(() => {});
    death[Symbol.dispose]();
    const paths = Object.keys(folder.tree());
    const decided = paths.some((path) => path.startsWith(".nomos-commit-"));
    if (decided && folder.tree()["a.txt*"] === "new a" && !paths.includes("n/m/other.txt")) {
      return folder;
    }
    folder[Symbol.dispose]();
  }
}

/** Makes a journal look like that of a process that is gone. */
function disown(folder: TempFolder): void {
  for (const path of Object.keys(folder.tree())) {
    if (!/^\.nomos-(journal|commit|undo)-/.test(path)) continue;
    const text = readFileSync(folder.at(path), "utf8");
    writeFileSync(folder.at(path), text.replace(/"start":"\d+"/, '"start":"1"'));
  }
}

describe("changing several files", () => {
  it("makes all changes, keeps modes, creates folders and leaves nothing else", async () => {
    using folder = plant();
    expect(await applyAll(folder)).toBe("35 bytes");
    expect(folder.tree()).toEqual(AFTER);
    expect(statSync(folder.at("a.txt")).mode & 0o777).toBe(0o750);
    expect(statSync(folder.at("b/b.txt")).mode & 0o777).toBe(0o644);
    expect(statSync(folder.at("n/m/new.txt")).mode & 0o777).toBe(0o600);
    expect(statSync(folder.at("n/m")).mode & 0o777).toBe(0o700);
  });

  it("makes all changes or none when any one call to the system fails", async () => {
    const seen = { refused: 0, made: 0 };
    for (let failAt = 1;; failAt++) {
      using folder = plant();
      using faults = new FaultyFs(failAt, { once: true });
      const outcome = await applyAll(folder).catch((error) => `fault: ${error.message}`);
      if (outcome === "35 bytes") expect(visible(folder), `call ${failAt}`).toEqual(AFTER);
      else expect(visible(folder), `call ${failAt}: ${outcome}`).toEqual(BEFORE);
      seen[outcome === "35 bytes" ? "made" : "refused"]++;
      if (faults.calls < failAt) break;
    }
    expect(seen.refused).toBeGreaterThan(30);
    expect(seen.made).toBeGreaterThan(1);
  });

  it("is finished or taken back by the next start after a death at any call to the system", async () => {
    const seen = { before: 0, after: 0, completed: 0, removed: 0 };
    for (let failAt = 1;; failAt++) {
      using folder = plant();
      const faults = new FaultyFs(failAt, { once: false });
      await applyAll(folder).catch(() => {});
      faults[Symbol.dispose]();
      disown(folder);
      const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
      const { recovery } = workspace;
      await workspace.close();
      expect(recovery.failed).toEqual([]);
      const state = JSON.stringify(folder.tree()) === JSON.stringify(AFTER) ? "after" : "before";
      expect(folder.tree(), `call ${failAt}`).toEqual(state === "after" ? AFTER : BEFORE);
      seen[state]++;
      seen.completed += recovery.completed;
      seen.removed += recovery.removed;
      if (faults.calls < failAt) break;
    }
    expect(seen.before).toBeGreaterThan(20);
    expect(seen.after).toBeGreaterThan(10);
    expect(seen.completed).toBeGreaterThan(10);
    expect(seen.removed).toBeGreaterThan(20);
  });

  it("does all that on a file system without hard links, too", async () => {
    for (let failAt = 1;; failAt++) {
      using folder = plant();
      const faults = new FaultyFs(failAt, { once: failAt % 2 === 0, noLinks: true });
      const outcome = await applyAll(folder).catch(() => "fault");
      faults[Symbol.dispose]();
      disown(folder);
      await (await openWorkspace(folder.path, { protectedPaths: [] })).close();
      const all = JSON.stringify(folder.tree()) === JSON.stringify(AFTER);
      if (outcome === "35 bytes") expect(all, `call ${failAt}`).toBe(true);
      expect(folder.tree(), `call ${failAt}: ${outcome}`).toEqual(all ? AFTER : BEFORE);
      if (faults.calls < failAt) break;
    }
  });

  it("recovers also when the recovery itself dies at any call", async () => {
    for (let failAt = 1;; failAt++) {
      using folder = await dieHalfWay();
      disown(folder);
      expect(Object.keys(folder.tree()).join()).toContain(".nomos-commit-");
      const again = new FaultyFs(failAt, { once: false });
      await openWorkspace(folder.path, { protectedPaths: [] }).then((w) => w.close()).catch(
        () => {},
      );
      again[Symbol.dispose]();
      await (await openWorkspace(folder.path, { protectedPaths: [] })).close();
      const all = JSON.stringify(folder.tree()) === JSON.stringify(AFTER);
      expect(folder.tree(), `call ${failAt}`).toEqual(all ? AFTER : BEFORE);
      if (again.calls < failAt) break;
    }
  });

  it("is taken back when a step is impossible at the next start", async () => {
    using folder = await dieHalfWay();
    disown(folder);
    // Somebody made a folder where a file is to go.
    mkdirSync(folder.at("n/m/other.txt"), { recursive: true });
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    expect(workspace.recovery).toMatchObject({ completed: 0, undone: 1, failed: [] });
    await workspace.close();
    expect(folder.tree()).toEqual(BEFORE);
  });

  it("does not touch a file that somebody changed since it was held", async () => {
    for (
      const disturb of [
        (folder: TempFolder) => writeFileSync(folder.at("b/b.txt"), "somebody's"),
        (folder: TempFolder) => renameSync(folder.at("a.txt"), folder.at("b/b.txt")),
        (folder: TempFolder) => folder.write("n/x", ""),
        (folder: TempFolder) => {
          renameSync(folder.at("b"), folder.at("c"));
          symlinkSync("c", folder.at("b"));
        },
      ]
    ) {
      using folder = plant();
      const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
      const list = await changes(workspace);
      disturb(folder);
      const tree = folder.tree();
      const result = await workspace.apply(list);
      expect(result.ok ? "made" : result.reason.code).toMatch(/^(execution_error|not_found)$/);
      expect(folder.tree()).toEqual(tree);
      for (const { held } of list) await held.release();
      await workspace.close();
    }
  });

  it("refuses a file that is named twice", async () => {
    using folder = plant();
    symlinkSync("a.txt", folder.at("link"));
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    const held = [
      must(await workspace.hold("a.txt", "write")),
      must(await workspace.hold("link", "write")),
    ];
    const result = await workspace.apply(
      held.map((file) => ({ kind: "write", held: file, content: bytes("x") })),
    );
    expect(result.ok ? "made" : result.reason.message).toContain("named twice");
    for (const file of held) await file.release();
    await workspace.close();
    expect(folder.tree()["a.txt"]).toBe("old a");
  });

  it("deletes a single file, and refuses to delete what is not there", async () => {
    using folder = plant();
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    for (const wish of ["0", "not_found"]) {
      const held = must(await workspace.hold("b/gone.txt", "write"));
      const result = await workspace.apply([{ kind: "delete", held }]);
      expect(result.ok ? `${result.value.bytesWritten}` : result.reason.code).toBe(wish);
      await held.release();
    }
    await workspace.close();
    expect(existsSync(folder.at("b/gone.txt"))).toBe(false);
  });

  it("leaves alone what a living process is at", async () => {
    using folder = await dieHalfWay();
    const tree = folder.tree();
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    expect(workspace.recovery).toEqual({ completed: 0, undone: 0, removed: 0, failed: [] });
    await workspace.close();
    expect(folder.tree()).toEqual(tree);
  });
});
