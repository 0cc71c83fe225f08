import {
  linkSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../../../../../cli/adapters/workspace.ts";
import { buildWorkspace } from "../../../../../cli/adapters/workspace/host_workspace.ts";
import { openRootByPath } from "../../../../../cli/adapters/workspace/open_root.ts";
import type { Workspace } from "../../../../../core/ports/mod.ts";
import { must } from "../../../../support/perform.ts";
import { layTraps, type Traps } from "./fixture.ts";

interface Vector {
  readonly name: string;
  readonly path: string;
  readonly intent: "read" | "write";
  readonly resolved?: string;
  readonly refused?: string;
}

const vectors: Vector[] = readFileSync("tests/vectors/workspace_paths.jsonl", "utf8")
  .trimEnd().split("\n").map((line) => JSON.parse(line));

let traps: Traps;
let workspace: Workspace;
/** As on systems whose folders cannot be walked by descriptors. */
let byPaths: Workspace;

beforeAll(async () => {
  traps = await layTraps();
  const options = { protectedPaths: traps.protectedPaths };
  workspace = await openWorkspace(traps.root, options);
  byPaths = await buildWorkspace(openRootByPath(traps.root), traps.root, options);
});

afterAll(async () => {
  await workspace.close();
  await byPaths.close();
  traps.close();
});

/** Our descriptors that lead into the fixture. */
function openDescriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(traps.folder.path);
    } catch {
      return false;
    }
  }).length;
}

describe("holding a path of the workspace", () => {
  it("walks by descriptors on Linux", () => {
    expect(workspace.guarantee).toBe("race_free");
    expect(byPaths.guarantee).toBe("best_effort");
    expect(workspace.caseInsensitive).toBe(false);
    expect(workspace.root).toBe(traps.root);
  });

  for (const { name, path, intent, resolved, refused } of vectors) {
    const end = refused === undefined ? "is held" : `is refused as ${refused}`;
    it(`${name}: to ${intent} it ${end}`, async () => {
      const before = openDescriptors();
      const tree = traps.folder.tree();
      const held = await workspace.hold(path, intent);
      if (held.ok) await held.value.release();
      expect(held.ok ? held.value.resolvedPath : held.reason.code).toBe(resolved ?? refused);
      expect(openDescriptors()).toBe(before);
      expect(traps.folder.tree()).toEqual(tree);
      const again = await byPaths.hold(path, intent);
      if (again.ok) await again.value.release();
      expect(again.ok ? again.value.resolvedPath : again.reason.code).toBe(resolved ?? refused);
    });
  }

  it("tells no path of the host and no more than 120 characters of input", async () => {
    const paths = [...vectors.map((vector) => vector.path), "x".repeat(1_000), "\u001b[31mred"];
    for (const path of paths) {
      const held = await workspace.hold(path, "read");
      if (held.ok) await held.value.release();
      else {
        expect(held.reason.message).not.toContain(traps.root);
        expect(held.reason.message).not.toContain("\u001b");
        expect(held.reason.message.length).toBeLessThan(250);
      }
    }
  });

  it("reads the file that was held, whatever takes its name afterwards", async () => {
    const path = traps.folder.write("root/swapped.txt", "held");
    const held = must(await workspace.hold("swapped.txt", "read"));
    renameSync(path, `${path}.away`);
    symlinkSync("../outside/secret.txt", path);
    const read = must(await held.read({ maxBytes: 100 }));
    await held.release();
    expect(new TextDecoder().decode(read.bytes)).toBe("held");
    unlinkSync(path);
  });

  it("does not use a file again after its release, and may release it twice", async () => {
    const held = must(await workspace.hold("file.txt", "read"));
    await held.release();
    await held.release();
    await expect(held.read({ maxBytes: 1 })).rejects.toThrow("released");
  });

  it("keeps handles open for a read that goes on while the file is released", async () => {
    traps.folder.write("root/large.txt", "x".repeat(1_000_000));
    const before = openDescriptors();
    const held = must(await workspace.hold("large.txt", "read"));
    const reading = held.read({ maxBytes: 2_000_000 });
    await held.release();
    expect(must(await reading).bytes.length).toBe(1_000_000);
    expect(openDescriptors()).toBe(before);
  });

  it("holds a bounded number of files and frees all of them", async () => {
    const before = openDescriptors();
    const held = [];
    for (let i = 0; i < 1_024; i++) held.push(must(await workspace.hold("file.txt", "read")));
    const next = await workspace.hold("file.txt", "read");
    expect(next.ok ? "held" : next.reason.code).toBe("execution_error");
    for (const file of held) await file.release();
    expect(openDescriptors()).toBe(before);
    await must(await workspace.hold("file.txt", "read")).release();
  });
});

describe("a workspace that is walked by paths", () => {
  it("reads and replaces files, and changes several", async () => {
    traps.folder.write("root/by/path.txt", "old");
    const held = must(await byPaths.hold("by/path.txt", "write"));
    expect(new TextDecoder().decode(must(await held.read({ maxBytes: 9 })).bytes)).toBe("old");
    expect(must(await held.replace(new TextEncoder().encode("new")))).toEqual({ bytesWritten: 3 });
    await held.release();
    const files = [
      must(await byPaths.hold("by/path.txt", "write")),
      must(await byPaths.hold("by/other/new.txt", "write")),
    ];
    const content = new TextEncoder().encode("changed");
    const result = await byPaths.apply(
      files.map((file) => ({ kind: "write", held: file, content })),
    );
    expect(must(result)).toEqual({ bytesWritten: 14 });
    for (const file of files) await file.release();
    expect(traps.folder.read("root/by/path.txt")).toBe("changed");
    expect(traps.folder.read("root/by/other/new.txt")).toBe("changed");
    rmSync(traps.folder.at("root/by"), { recursive: true });
  });

  it("notices another file in the place of the held one, and a folder that was swapped", async () => {
    const path = traps.folder.write("root/sw/file.txt", "held");
    const held = must(await byPaths.hold("sw/file.txt", "write"));
    renameSync(path, `${path}.away`);
    symlinkSync("../../outside/secret.txt", path);
    expect((await held.read({ maxBytes: 9 })).ok).toBe(false);
    unlinkSync(path);
    renameSync(`${path}.away`, path);
    renameSync(traps.folder.at("root/sw"), traps.folder.at("root/sw2"));
    symlinkSync("sw2", traps.folder.at("root/sw"));
    expect((await held.read({ maxBytes: 9 })).ok).toBe(false);
    expect((await held.replace(new Uint8Array(1))).ok).toBe(false);
    await held.release();
    expect(traps.folder.read("root/sw2/file.txt")).toBe("held");
  });
});

describe("closing a workspace", () => {
  it("waits for what is still held and takes no more", async () => {
    const before = openDescriptors();
    const other = await openWorkspace(traps.root, { protectedPaths: [] });
    const held = must(await other.hold("file.txt", "read"));
    await other.close();
    await other.close();
    expect(must(await held.read({ maxBytes: 100 })).bytes.length).toBe(6);
    await held.release();
    expect(openDescriptors()).toBe(before);
    await expect(other.hold("file.txt", "read")).rejects.toThrow("closed");
  });
});

describe("protection", () => {
  it("covers a file that was hard-linked after the workspace was opened", async () => {
    traps.folder.write("root/state/late.json", "kept");
    linkSync(traps.folder.at("outside/kept.key"), traps.folder.at("root/late_link"));
    const held = await workspace.hold("late_link", "read");
    expect(held.ok ? "held" : held.reason.code).toBe("protected_path");
  });

  it("lets a file go whose inode once was a protected one's", async () => {
    const kept = traps.folder.write("outside/rotated.log", "kept");
    const other = await openWorkspace(traps.root, { protectedPaths: [kept] });
    renameSync(kept, traps.folder.at("root/rotated.log"));
    traps.folder.write("outside/rotated.log", "kept again");
    const held = await other.hold("rotated.log", "read");
    expect(held.ok).toBe(true);
    if (held.ok) await held.value.release();
    await other.close();
  });

  it("covers an identity without a path", async () => {
    const { dev, ino } = statSync(traps.folder.at("root/file.txt"), { bigint: true });
    const other = await openWorkspace(traps.root, { protectedPaths: [`${dev}:${ino}`] });
    const held = await other.hold("link_file", "read");
    expect(held.ok ? "held" : held.reason.code).toBe("protected_path");
    await other.close();
  });
});
