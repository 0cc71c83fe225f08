import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemStorage } from "../../../../cli/adapters/storage.ts";
import { FileError } from "../../../../core/ports/mod.ts";
import { temporaryFolder } from "../../../support/audit.ts";

const storage = systemStorage();
const bytes = (text: string) => new TextEncoder().encode(text);

function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => "no error", (error) => error instanceof FileError ? error.code : error);
}

describe("a file that grows", () => {
  it("appends behind what is there, whoever wrote it", async () => {
    const path = join(temporaryFolder(), "log");
    const one = await storage.openAppend(path);
    const other = await storage.openAppend(path);
    await one.append(bytes("a"));
    await other.append(bytes("b"));
    await one.append(bytes("c"));
    await one.sync();
    expect(await one.size()).toBe(3);
    expect(new TextDecoder().decode(await one.readAt(1, 10))).toBe("bc");
    await one.truncate(1);
    await one.append(bytes("d"));
    expect(readFileSync(path, "utf8")).toBe("ad");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await one.close();
    await other.close();
  });

  it("says when it was removed", async () => {
    const path = join(temporaryFolder(), "log");
    const file = await storage.openAppend(path);
    rmSync(path);
    expect(await codeOf(file.size())).toBe("not_found");
    await file.close();
  });

  it("is not a folder, and not a FIFO that nobody reads", async () => {
    const folder = temporaryFolder();
    expect(await codeOf(storage.openAppend(folder))).toBe("not_a_file");
    execFileSync("mkfifo", [join(folder, "fifo")]);
    expect(await codeOf(storage.openAppend(join(folder, "fifo")))).toBe("not_a_file");
    expect(await codeOf(storage.openAppend(join(folder, "no", "log")))).toBe("not_found");
  });
});

describe("a lock", () => {
  it("is held once, and free again when it was released", async () => {
    const path = join(temporaryFolder(), "log.lock");
    const lock = await storage.tryLock(path);
    expect(lock).toBeDefined();
    expect(await storage.tryLock(path)).toBeUndefined();
    await lock?.release();
    const again = await storage.tryLock(path);
    expect(again).toBeDefined();
    await again?.release();
  });

  it("says when its file cannot be used", async () => {
    const missing = join(temporaryFolder(), "no", "log.lock");
    expect(await codeOf(storage.tryLock(missing))).toBe("other");
  });
});
