import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { randomIds, systemClock } from "../../cli/adapters/clock_ids.ts";
import { nativeDigest } from "../../cli/adapters/digest.ts";
import { systemStorage } from "../../cli/adapters/storage.ts";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import { portableDigest } from "../../core/encoding/mod.ts";
import {
  clockContract,
  countingIds,
  digestContract,
  idsContract,
  ManualClock,
  MemoryStorage,
  MemoryWorkspace,
  storageContract,
  workspaceContract,
} from "../../core/testing/mod.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "nomos-contract-"));
  folders.push(made);
  return made;
}

const IMPLEMENTATIONS = [
  { port: "clock", of: "the system", cases: clockContract, make: () => systemClock },
  { port: "clock", of: "the fake", cases: clockContract, make: () => new ManualClock() },
  { port: "ids", of: "the system", cases: idsContract, make: () => randomIds },
  { port: "ids", of: "the fake", cases: idsContract, make: () => countingIds() },
  { port: "digest", of: "the system", cases: digestContract, make: () => nativeDigest() },
  { port: "digest", of: "the portable one", cases: digestContract, make: () => portableDigest },
  {
    port: "storage",
    of: "the system",
    cases: storageContract,
    make: () => ({ storage: systemStorage(), path: join(folder(), "file") }),
  },
  {
    port: "storage",
    of: "memory",
    cases: storageContract,
    make: () => ({ storage: new MemoryStorage(), path: "file" }),
  },
  {
    port: "workspace",
    of: "the system",
    cases: workspaceContract,
    make: async () => {
      const root = folder();
      writeFileSync(join(root, "a.txt"), "one\ntwo\n");
      return { workspace: await openWorkspace(root, { protectedPaths: [] }) };
    },
  },
  {
    port: "workspace",
    of: "memory",
    cases: workspaceContract,
    make: () => {
      const workspace = new MemoryWorkspace();
      workspace.files.set("a.txt", new TextEncoder().encode("one\ntwo\n"));
      return { workspace };
    },
  },
] as const;

describe.each(IMPLEMENTATIONS)("$port of $of", ({ cases, make }) => {
  it.each(cases.map(({ name }, i) => ({ name, i })))("$name", async ({ i }) => {
    const found: { run(port: unknown): Promise<void> } | undefined = cases[i];
    await expect(found?.run(await make())).resolves.toBeUndefined();
  });
});
