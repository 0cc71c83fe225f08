import { describe, expect, it } from "vitest";
import { probeEvidence } from "../../../../core/config/mod.ts";
import { memoryFiles } from "./fixture.ts";

function status(fields: Record<string, string>): string {
  return Object.entries(fields).map(([name, value]) => `${name}:\t${value}\n`).join("");
}

const ROOT = status({ Name: "nomos", Uid: "0\t0\t0\t0", NoNewPrivs: "0", Seccomp: "0" });
const NOBODY = status({ Uid: "1000\t65532\t1000\t1000", NoNewPrivs: "1", Seccomp: "2" });

const WRITABLE = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n";
const READ_ONLY = "22 1 0:50 / / ro,relatime - overlay overlay rw,lowerdir=/a\n" +
  "23 22 0:51 / /proc rw - proc proc rw\n";

describe("looking from inside", () => {
  it("contradicts a container on a plain machine", async () => {
    const probes = await probeEvidence(memoryFiles({
      "/proc/self/status": ROOT,
      "/proc/self/uid_map": "         0          0 4294967295\n",
      "/proc/self/mountinfo": WRITABLE,
    }));
    expect(probes).toEqual({
      container_backend_ready: {
        holds: false,
        detail: "system calls are not filtered (Seccomp is 0)",
      },
      rootless_or_non_privileged: { holds: false, detail: "the user id is 0 (root)" },
      read_only_fs: { holds: false, detail: "the root file system is mounted writable" },
      no_new_privileges: { holds: false, detail: "NoNewPrivs is 0" },
    });
  });

  it("agrees with a hardened container", async () => {
    const probes = await probeEvidence(memoryFiles({
      "/proc/self/status": NOBODY,
      "/proc/self/mountinfo": WRITABLE + READ_ONLY,
    }));
    expect(Object.values(probes).map((probe) => probe.holds)).toEqual([true, true, true, true]);
    expect(probes.rootless_or_non_privileged?.detail).toBe("the user id is 65532");
  });

  it("takes root of a user namespace for nobody", async () => {
    const probes = await probeEvidence(memoryFiles({
      "/proc/self/status": ROOT,
      "/proc/self/uid_map": "0 100000 65536\n",
    }));
    expect(probes.rootless_or_non_privileged).toEqual({
      holds: true,
      detail: "root is user id 100000 outside of the container",
    });
  });

  it("takes a read-only mount over a writable file system for read-only", async () => {
    const probes = await probeEvidence(memoryFiles({
      "/proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/root ro\n",
    }));
    expect(probes.read_only_fs?.holds).toBe(true);
  });

  it("says nothing where a system tells nothing", async () => {
    expect(await probeEvidence(memoryFiles({}))).toEqual({});
  });
});
