import type { SandboxEvidence, SandboxProbe } from "../../../core/ports/mod.ts";

/** Where the probe looks. */
export interface ContainerReaders {
  /** The text of a file, or `undefined` when it cannot be read. */
  read(path: string): string | undefined;
  /** Whether a connection to the public internet can be opened; asked only when there is a way out at all. */
  reachesOut(): Promise<boolean>;
}

/** One thing a hardened container must show. */
interface Check {
  /** The claim in `runtime.evidence` that it bears on. */
  readonly claim: string;
  holds(readers: ContainerReaders): boolean | Promise<boolean>;
  /** What to change when it does not hold. */
  readonly hint: string;
}

const CHECKS: readonly Check[] = [
  {
    claim: "container_backend_ready",
    holds: (readers) => statusField(readers, "Seccomp") === "2",
    hint: "run with a seccomp profile (the container runtime's default one will do)",
  },
  {
    claim: "rootless_or_non_privileged",
    holds: (readers) => {
      const ids = statusField(readers, "Uid")?.split(/\s+/) ?? [];
      return ids.length === 4 && ids.every((id) => /^[1-9][0-9]*$/.test(id));
    },
    hint: "run as a user other than root (--user, runAsNonRoot)",
  },
  {
    claim: "read_only_fs",
    holds: (readers) => isRootReadOnly(readers.read("/proc/self/mountinfo") ?? ""),
    hint: "mount the root file system read-only (--read-only, readOnlyRootFilesystem)",
  },
  {
    claim: "no_new_privileges",
    holds: (readers) => statusField(readers, "NoNewPrivs") === "1",
    hint:
      "forbid new privileges (--security-opt no-new-privileges, allowPrivilegeEscalation: false)",
  },
  {
    claim: "network_default_deny",
    holds: async (readers) => !hasWayOut(readers) || !await readers.reachesOut(),
    hint: "let nothing out that is not named (--network none, a default-deny egress policy)",
  },
];

/**
 * Tells from inside whether this process runs in a hardened container. What cannot be read does not hold.
 *
 * A route out of the machine alone does not contradict a default-deny policy, which drops packets out of our sight;
 * a connection that opens does.
 */
export async function probeContainer(readers: ContainerReaders): Promise<SandboxProbe> {
  const evidence: Record<string, boolean> = {};
  const hints: string[] = [];
  // The last check may take a moment and use the network, so it is left out when the others have failed.
  for (const check of CHECKS) {
    const isLast = check.claim === "network_default_deny";
    if (isLast && hints.length > 0 && hasWayOut(readers)) continue;
    const holds = await check.holds(readers);
    evidence[check.claim] = holds;
    if (!holds) hints.push(check.hint);
  }
  return verdict(evidence, hints);
}

function verdict(evidence: SandboxEvidence, hints: readonly string[]): SandboxProbe {
  return hints.length === 0
    ? { available: true, detail: "a hardened container, as seen from inside", evidence }
    : { available: false, hint: hints.join("; "), evidence };
}

function statusField(readers: ContainerReaders, name: string): string | undefined {
  const status = readers.read("/proc/self/status") ?? "";
  const line = status.split("\n").find((text) => text.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** The mount that counts is the last one on `/`. Fields: id, parent, device, root, mount point, options, ... */
function isRootReadOnly(mounts: string): boolean {
  const root = mounts.split("\n").map((line) => line.split(" ")).findLast((fields) =>
    fields[4] === "/"
  );
  return root?.[5]?.split(",").includes("ro") ?? false;
}

const ROUTE_IS_UP = 0x1;
const ROUTE_REJECTS = 0x200;

/** Whether packets for anywhere have somewhere to go. Tables that cannot be read tell of one. */
function hasWayOut(readers: ContainerReaders): boolean {
  const v4 = readers.read("/proc/net/route");
  const v6 = readers.read("/proc/net/ipv6_route");
  // A machine without IPv6 has no such table.
  return v4 === undefined || v4.split("\n").some(isDefaultV4) ||
    (v6 ?? "").split("\n").some(isDefaultV6);
}

/** Fields: interface, destination, gateway, flags, count, use, metric, mask, ... */
function isDefaultV4(line: string): boolean {
  const fields = line.trim().split(/\s+/);
  return fields[1] === "00000000" && fields[7] === "00000000" && leadsOut(fields[3], fields[0]);
}

/** Fields: destination, its length, source, its length, next hop, metric, count, use, flags, interface. */
function isDefaultV6(line: string): boolean {
  const fields = line.trim().split(/\s+/);
  return fields[0] === "0".repeat(32) && fields[1] === "00" && leadsOut(fields[8], fields[9]);
}

function leadsOut(flags: string | undefined, device: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? "", 16);
  return (bits & ROUTE_IS_UP) !== 0 && (bits & ROUTE_REJECTS) === 0 && device !== "lo";
}
