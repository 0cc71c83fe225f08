import { describe, expect, it } from "vitest";
import {
  type ContainerReaders,
  probeContainer,
} from "../../../../../cli/adapters/sandbox/container.ts";

const STATUS = (more: Record<string, string> = {}) =>
  Object.entries({
    Name: "nomos",
    Uid: "10001\t10001\t10001\t10001",
    NoNewPrivs: "1",
    Seccomp: "2",
    Seccomp_filters: "1",
    ...more,
  }).map(([name, value]) => `${name}:\t${value}\n`).join("");

/** Recorded in a container run with --read-only; the root is mounted twice, as runtimes do. */
const MOUNTS = (options: string) =>
  [
    "1 0 0:2 / / rw - rootfs rootfs rw",
    `771 654 0:51 / / ${options} - overlay overlay rw,lowerdir=/var/lib/docker/x`,
    "772 771 0:55 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw",
    "773 771 0:56 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k",
    "",
  ].join("\n");

const ROUTE_HEAD =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const NO_ROUTE = ROUTE_HEAD;
const DEFAULT_ROUTE = `${ROUTE_HEAD}eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n` +
  "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
const LOCAL_ROUTE = `${ROUTE_HEAD}eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n`;
const ZEROS = "0".repeat(32);
/** What a kernel shows where no IPv6 leads out: a rejecting default route on the loopback device. */
const V6_CLOSED = `${ZEROS} 00 ${ZEROS} 00 ${ZEROS} ffffffff 00000001 00000000 00200200       lo\n`;
const V6_OPEN =
  `${ZEROS} 00 ${ZEROS} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n`;

interface Recorded {
  readonly status?: string;
  readonly mounts?: string;
  readonly v4?: string | undefined;
  readonly v6?: string | undefined;
  readonly reaches?: boolean;
}

function readers(recorded: Recorded, asked: string[] = []): ContainerReaders {
  const files: Readonly<Record<string, string | undefined>> = {
    "/proc/self/status": recorded.status ?? STATUS(),
    "/proc/self/mountinfo": recorded.mounts ?? MOUNTS("ro,relatime"),
    "/proc/net/route": "v4" in recorded ? recorded.v4 : NO_ROUTE,
    "/proc/net/ipv6_route": "v6" in recorded ? recorded.v6 : V6_CLOSED,
  };
  return {
    read: (path) => files[path],
    reachesOut: () => {
      asked.push("internet");
      return Promise.resolve(recorded.reaches ?? false);
    },
  };
}

describe("a hardened container", () => {
  it("is one where everything holds, and needs no connection to tell that nothing leads out", async () => {
    const asked: string[] = [];
    const probe = await probeContainer(readers({}, asked));
    expect(probe).toMatchObject({
      available: true,
      evidence: {
        container_backend_ready: true,
        rootless_or_non_privileged: true,
        read_only_fs: true,
        no_new_privileges: true,
        network_default_deny: true,
      },
    });
    expect(asked).toEqual([]);
  });

  it("may have a route where a policy drops what leaves", async () => {
    const asked: string[] = [];
    const probe = await probeContainer(readers({ v4: DEFAULT_ROUTE }, asked));
    expect(probe.available).toBe(true);
    expect(asked).toEqual(["internet"]);
  });

  it("may have routes to its own network", async () => {
    const asked: string[] = [];
    expect((await probeContainer(readers({ v4: LOCAL_ROUTE }, asked))).available).toBe(true);
    expect(asked).toEqual([]);
  });
});

describe("a container that is not hardened", () => {
  const CASES: readonly [string, Recorded, string][] = [
    ["root", { status: STATUS({ Uid: "0\t0\t0\t0" }) }, "rootless_or_non_privileged"],
    [
      "root as effective user",
      { status: STATUS({ Uid: "1000\t0\t1000\t1000" }) },
      "rootless_or_non_privileged",
    ],
    [
      "root as saved user",
      { status: STATUS({ Uid: "1000\t1000\t0\t1000" }) },
      "rootless_or_non_privileged",
    ],
    ["new privileges", { status: STATUS({ NoNewPrivs: "0" }) }, "no_new_privileges"],
    ["no seccomp", { status: STATUS({ Seccomp: "0" }) }, "container_backend_ready"],
    ["strict seccomp only", { status: STATUS({ Seccomp: "1" }) }, "container_backend_ready"],
    ["a writable root", { mounts: MOUNTS("rw,relatime") }, "read_only_fs"],
    ["a root that only looks read-only", { mounts: MOUNTS("rw,rosomething") }, "read_only_fs"],
    ["no mounts to be read", { mounts: "" }, "read_only_fs"],
    ["a way out over IPv4", { v4: DEFAULT_ROUTE, reaches: true }, "network_default_deny"],
    ["a way out over IPv6", { v6: V6_OPEN, reaches: true }, "network_default_deny"],
    ["routes that cannot be read", { v4: undefined, reaches: true }, "network_default_deny"],
  ];
  for (const [what, recorded, claim] of CASES) {
    it(`has ${what}`, async () => {
      const probe = await probeContainer(readers(recorded));
      expect(probe.available).toBe(false);
      expect(probe.evidence?.[claim]).toBe(false);
      expect(Object.values(probe.evidence ?? {}).filter((holds) => !holds).length).toBe(1);
      expect("hint" in probe && probe.hint.length).toBeGreaterThan(10);
    });
  }

  it("is anything whose state cannot be read", async () => {
    const probe = await probeContainer({
      read: () => undefined,
      reachesOut: () => Promise.resolve(false),
    });
    expect(probe.available).toBe(false);
  });

  it("is not asked for the internet once something else has failed", async () => {
    const asked: string[] = [];
    const recorded = { status: STATUS({ NoNewPrivs: "0" }), v4: DEFAULT_ROUTE, reaches: true };
    const probe = await probeContainer(readers(recorded, asked));
    expect(probe.available).toBe(false);
    expect(asked).toEqual([]);
    expect(probe.evidence?.["network_default_deny"]).toBe(undefined);
  });
});
