import { DatabaseSync } from "node:sqlite";
import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeSetup } from "../support/gateway.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { mayLeaveOut, mountSmallDisk } from "./support/disks.ts";
import { act, type Serving, startServing } from "./support/serving.ts";
import { examine } from "./support/verify.ts";

const RULES = [
  { id: "write", action_type: "fs.write", resource: "file://workspace/**", decision: "ALLOW" },
];
const ATTEMPTS = 600;

const write = (serving: Serving, name: string) =>
  act(serving.url, {
    action_id: name,
    action_type: "fs.write",
    resource: `file://workspace/${name}`,
    params: { content: "x".repeat(200) },
  });

/** Writes until one is refused; fails when none is. */
async function writeUntilRefused(serving: Serving, prefix: string): Promise<string> {
  for (let i = 0; i < ATTEMPTS; i++) {
    const name = `${prefix}-${i}`;
    const answer = await write(serving, name);
    if (answer?.status === 200) continue;
    expect(answer?.status).toBe(503);
    expect(answer?.body["reason"]).toMatch(/^audit_unavailable: /);
    return name;
  }
  throw new Error("nothing was refused");
}

async function readiness(serving: Serving): Promise<{ status: number; text: string }> {
  const response = await fetch(`${serving.url}/readyz`);
  return { status: response.status, text: await response.text() };
}

it.for(["file", "sqlite"])(
  "executes nothing while the disk of the %s audit is full, and heals without a restart",
  async (kind, { skip }) => {
    const disk = mountSmallDisk(1_024);
    if (disk === undefined) {
      if (!mayLeaveOut()) throw new Error("CI must be able to mount a file system");
      return skip("this user may not mount a file system");
    }
    using folder = new TempFolder();
    const sink = `${kind}:${join(disk.path, "audit")}`;
    const serving = await startServing(
      writeSetup(folder, { rules: RULES, config: { audit: { sink } } }),
    );
    try {
      expect((await write(serving, "before"))?.body["decision"]).toBe("ALLOW");
      const { bavail, bsize } = statfsSync(disk.path);
      writeFileSync(
        join(disk.path, "filler"),
        new Uint8Array(Math.max(0, bavail * bsize - 30_000)),
      );
      const refused = await writeUntilRefused(serving, "full");
      expect(existsSync(folder.at(`workspace/${refused}`))).toBe(false);
      expect(await readiness(serving)).toMatchObject({ status: 503 });
      expect((await readiness(serving)).text).toContain("audit.sink_writable");
      rmSync(join(disk.path, "filler"));
      await expect.poll(() => write(serving, "after"), { timeout: 10_000 })
        .toMatchObject({ status: 200, body: { decision: "ALLOW" } });
      expect(existsSync(folder.at("workspace/after"))).toBe(true);
      expect(await readiness(serving)).toMatchObject({ status: 200 });
      expect(await serving.stop(), serving.log()).toBe(0);
      expect((await examine(sink)).report.status).toBe("intact");
    } finally {
      await serving.kill();
      disk.unmount();
    }
  },
);

it("executes nothing while somebody else locks the audit database, and heals without a restart", async () => {
  using folder = new TempFolder();
  const serving = await startServing(writeSetup(folder, { rules: RULES }));
  const other = new DatabaseSync(folder.at("audit.db"));
  try {
    expect((await write(serving, "before"))?.body["decision"]).toBe("ALLOW");
    other.exec("BEGIN IMMEDIATE");
    const answer = await write(serving, "locked");
    expect(answer?.status).toBe(503);
    expect(answer?.body["reason"]).toMatch(/^audit_unavailable: /);
    expect(existsSync(folder.at("workspace/locked"))).toBe(false);
    expect(await readiness(serving)).toMatchObject({ status: 503 });
    other.exec("ROLLBACK");
    await expect.poll(() => write(serving, "after"), { timeout: 10_000 })
      .toMatchObject({ status: 200, body: { decision: "ALLOW" } });
    expect(await readiness(serving)).toMatchObject({ status: 200 });
    expect(await serving.stop(), serving.log()).toBe(0);
    expect((await examine(`sqlite:${folder.at("audit.db")}`)).report.status).toBe("intact");
  } finally {
    other.close();
    await serving.kill();
  }
});
