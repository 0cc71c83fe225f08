import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { openRecorder, type Recorder } from "../../core/audit/mod.ts";
import { decision, openTestRecorder } from "../support/audit.ts";
import { mayLeaveOut, mountSmallDisk, type SmallDisk } from "./support/disks.ts";
import { examine } from "./support/verify.ts";

const KINDS = ["file", "sqlite"];

let disk: SmallDisk | undefined;

afterEach(() => {
  disk?.unmount();
  disk = undefined;
});

/** A small disk, or the test is left out: loudly, and not in CI. */
function smallDisk(skip: (note?: string) => never): SmallDisk {
  disk = mountSmallDisk(1024);
  if (disk !== undefined) return disk;
  if (!mayLeaveOut()) throw new Error("CI must be able to mount a file system");
  return skip("this user may not mount a file system");
}

/** Takes all the space but a little. */
function fill(path: string, leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(join(path, "filler"), new Uint8Array(Math.max(0, bavail * bsize - leaveBytes)));
}

async function recordUntilRefused(recorder: Recorder, taken: string[]): Promise<void> {
  for (let i = 0; i < 10_000; i++) {
    const id = `a${taken.length}`;
    const recorded = await recorder.record([decision(id, { reason: "x".repeat(300) })]);
    if (!recorded.ok) {
      expect(recorded.reason.code).toBe("audit_unavailable");
      return;
    }
    taken.push(id);
  }
  throw new Error("the disk never filled");
}

describe("a disk that fills", () => {
  it.for(KINDS)("refuses with a %s, and heals when space is freed", async (kind, { skip }) => {
    const { path } = smallDisk(skip);
    const target = `${kind}:${join(path, "audit")}`;
    const recorder = await openTestRecorder(target, createAdapters());
    const taken: string[] = [];
    for (let round = 0; round < 3; round++) {
      fill(path, 40_000);
      await recordUntilRefused(recorder, taken);
      expect(recorder.health()).toMatchObject({ ok: false, sinks: [{ ok: false }] });
      expect(await recorder.recordAfter([decision(`after${round}`)])).toBe("waiting");
      const { report } = await examine(target);
      expect(report, "while it is full").toMatchObject({ status: "intact", warnings: [] });
      rmSync(join(path, "filler"));
      taken.push(`healed${round}`);
      expect((await recorder.record([decision(`healed${round}`)])).ok).toBe(true);
      expect(recorder.health().ok).toBe(true);
    }
    expect(await recorder.close()).toBe(true);
    const { report, actionIds } = await examine(target);
    expect(report).toMatchObject({ status: "intact", gap_count: 0, warnings: [] });
    expect(report.chains).toHaveLength(1);
    const all = [...taken, "after0", "after1", "after2"];
    expect(all.filter((id) => !actionIds.has(id))).toEqual([]);
  });
});

describe("a disk that may only be read", () => {
  it.for(KINDS)("stops the start with a %s, and says why", async (kind, { skip }) => {
    const small = smallDisk(skip);
    const path = join(small.path, "audit");
    const first = await openTestRecorder(`${kind}:${path}`, createAdapters());
    await first.record([decision("a")]);
    await first.close();
    small.makeReadOnly();
    const before = readFileSync(path);
    const opened = await openRecorder({
      sinks: [{ kind, target: path }],
      ports: createAdapters(),
    });
    expect(opened.ok ? "" : opened.reason[0]?.message).toMatch(/^Cannot open audit sink "/);
    expect(readFileSync(path)).toEqual(before);
    expect((await examine(`${kind}:${path}`)).report.status).toBe("intact");
  });
});
