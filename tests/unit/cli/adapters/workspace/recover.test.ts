import { linkSync, symlinkSync, utimesSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { openWorkspace } from "../../../../../cli/adapters/workspace.ts";
import { thisProcess } from "../../../../../cli/adapters/workspace/owner.ts";
import type { Recovery } from "../../../../../core/ports/mod.ts";
import { TempFolder } from "../../../../support/temp_folder.ts";

const ID = "0123456789abcdef01234567";
const DEAD = { pid: 1, start: "1", boot: "another", space: "" };
const TEMP = ".nomos-tmp-000000000000000000000001";

function journal(steps: readonly object[], more: object = {}): string {
  return JSON.stringify({ version: 1, owner: DEAD, leftovers: [], steps, ...more });
}

function step(more: object): object {
  return { kind: "write", folder: "", missing: [], name: "f", from: TEMP, backup: "", ...more };
}

async function reopen(folder: TempFolder, protectedPaths: string[] = []): Promise<Recovery> {
  const workspace = await openWorkspace(folder.at("root"), { protectedPaths });
  await workspace.close();
  return workspace.recovery;
}

describe("a journal that nobody of ours wrote", () => {
  const forged: readonly (readonly [string, string])[] = [
    ["names a file outside by ..", journal([step({ folder: "..", name: "secret" })])],
    [
      "names a file outside by an absolute path",
      journal([step({ folder: "/etc", name: "passwd" })]),
    ],
    ["names a path instead of a name", journal([step({ name: "../secret" })])],
    ["takes a file that is not a temporary one", journal([step({ from: "kept" })])],
    ["takes a temporary file from elsewhere", journal([step({ from: `${TEMP}/../../secret` })])],
    ["moves a file aside to any name", journal([step({ backup: "aside" })])],
    ["overwrites a journal", journal([step({ name: `.nomos-commit-${ID}` })])],
    ["creates folders outside", journal([step({ missing: ["..", "x"] })])],
    ["leads through a symlink", journal([step({ folder: "link" })])],
    ["leads to a protected file", journal([step({ name: "kept" })])],
    ["leads to a protected file by its hard link", journal([step({ name: "hard" })])],
    ["is of another version", journal([step({})], { version: 2 })],
    ["has an unknown kind of step", journal([step({ kind: "chmod" })])],
    ["has no owner", journal([step({})], { owner: null })],
    ["is not JSON", "{"],
    ["is empty", ""],
  ];

  for (const phase of ["commit", "undo"]) {
    for (const [what, text] of forged) {
      it(`changes nothing in phase ${phase} when it ${what}`, async () => {
        using folder = new TempFolder();
        folder.write("outside/f", "outside");
        folder.write("root/kept", "kept");
        folder.write(`root/${TEMP}`, "forged");
        linkSync(folder.at("root/kept"), folder.at("root/hard"));
        symlinkSync("../outside", folder.at("root/link"));
        folder.write(`root/.nomos-${phase}-${ID}`, text);
        const before = folder.tree();
        const recovery = await reopen(folder, [folder.at("root/kept")]);
        const after = folder.tree();
        for (const name of ["outside/f", "root/kept", "root/hard"]) {
          expect(after[name]).toBe(before[name]);
        }
        expect(Object.keys(after).length).toBe(Object.keys(before).length);
        expect(recovery).toMatchObject({ completed: 0, undone: 0, removed: 0 });
        expect(recovery.failed.length).toBe(1);
      });
    }
  }

  it("removes no file that is not a temporary one", async () => {
    using folder = new TempFolder();
    folder.write("root/f", "mine");
    for (const leftover of [{ folder: "", name: "f" }, { folder: "..", name: TEMP }]) {
      folder.write(`root/.nomos-journal-${ID}`, journal([], { leftovers: [leftover] }));
      await reopen(folder);
      expect(folder.tree()).toEqual({ "root/f": "mine" });
    }
  });
});

describe("opening a workspace", () => {
  it("removes the temporary files of a journal and the journal", async () => {
    using folder = new TempFolder();
    folder.write(`root/d/e/${TEMP}`, "half");
    folder.write(
      `root/.nomos-journal-${ID}`,
      journal([], { leftovers: [{ folder: "d/e", name: TEMP }, { folder: "gone", name: TEMP }] }),
    );
    expect(await reopen(folder)).toEqual({ completed: 0, undone: 0, removed: 1, failed: [] });
    expect(folder.tree()).toEqual({});
  });

  it("removes a journal that was not written to its end", async () => {
    using folder = new TempFolder();
    folder.write(`root/.nomos-journal-${ID}`, '{"version":1,"own');
    expect(await reopen(folder)).toEqual({ completed: 0, undone: 0, removed: 0, failed: [] });
    expect(folder.tree()).toEqual({});
  });

  it("removes old temporary files of the root that no journal knows, and leaves young ones", async () => {
    using folder = new TempFolder();
    const old = folder.write(`root/${TEMP}`, "old");
    utimesSync(old, 1, 1);
    folder.write(`root/${TEMP}2`, "young");
    expect((await reopen(folder)).removed).toBe(1);
    expect(folder.tree()).toEqual({ [`root/${TEMP}2`]: "young" });
  });

  it("waits for a process of another namespace before it takes over", async () => {
    using folder = new TempFolder();
    folder.write(`root/${TEMP}`, "new");
    folder.write(
      `root/.nomos-commit-${ID}`,
      journal([step({})], { owner: { ...thisProcess(), space: "pid:[1]" } }),
    );
    const now = Date.now;
    const looks = vi.spyOn(Date, "now").mockImplementation(() => now() + 4_700);
    expect(await reopen(folder)).toMatchObject({ completed: 1 });
    expect(looks.mock.calls.length).toBeGreaterThan(1);
    expect(folder.tree()).toEqual({ "root/f": "new" });
  });

  it("fails when the root is not a folder", async () => {
    using folder = new TempFolder();
    folder.write("root", "a file");
    await expect(openWorkspace(folder.at("root"), { protectedPaths: [] })).rejects.toThrow(
      "ENOTDIR",
    );
    await expect(openWorkspace(folder.at("none"), { protectedPaths: [] })).rejects.toThrow(
      "ENOENT",
    );
  });
});
