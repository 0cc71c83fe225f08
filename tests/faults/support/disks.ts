import { execFileSync } from "node:child_process";
import { temporaryFolder } from "../../support/audit.ts";

/** A small file system of its own. */
export interface SmallDisk {
  readonly path: string;
  /** Mounts it again, read-only. */
  makeReadOnly(): void;
  unmount(): void;
}

/** Mounts a file system in memory. Returns `undefined` where this user may not mount. */
export function mountSmallDisk(kibibytes: number): SmallDisk | undefined {
  const path = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", path], {
      stdio: "pipe",
    });
  } catch {
    return undefined;
  }
  return {
    path,
    makeReadOnly: () => execFileSync("mount", ["-o", "remount,ro", path]),
    unmount: () => execFileSync("umount", [path]),
  };
}

/** Whether a test that needs what this machine does not have may be left out; in CI it may not. */
export function mayLeaveOut(): boolean {
  return !Deno.env.get("CI");
}
