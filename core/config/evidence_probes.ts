import { decodeUtf8Lossy } from "../encoding/mod.ts";
import { FileError, type Files } from "../ports/mod.ts";
import type { EvidenceProbe, EvidenceProbes } from "./assurance.ts";

/** Where Linux tells a process about itself. */
const STATUS = "/proc/self/status";
const USERS = "/proc/self/uid_map";
const MOUNTS = "/proc/self/mountinfo";

/**
 * Looks from inside what of `runtime.evidence` can be seen: the user, the ban on new privileges, the root file
 * system, system call filtering. What cannot be seen here is left out.
 */
export async function probeEvidence(files: Files): Promise<EvidenceProbes> {
  const status = statusFields(await readText(files, STATUS));
  const found = {
    container_backend_ready: seccomp(status),
    rootless_or_non_privileged: user(status, await readText(files, USERS)),
    read_only_fs: rootFileSystem(await readText(files, MOUNTS)),
    no_new_privileges: newPrivileges(status),
  };
  return Object.fromEntries(Object.entries(found).filter(([, probe]) => probe !== undefined));
}

async function readText(files: Files, path: string): Promise<string> {
  try {
    return decodeUtf8Lossy(await files.read(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return "";
  }
}

function statusFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
    }),
  );
}

function seccomp(status: ReadonlyMap<string, string>): EvidenceProbe | undefined {
  const mode = status.get("Seccomp");
  if (mode === undefined) return undefined;
  return mode === "0"
    ? { holds: false, detail: "system calls are not filtered (Seccomp is 0)" }
    : { holds: true, detail: `system calls are filtered (Seccomp is ${mode})` };
}

function user(status: ReadonlyMap<string, string>, map: string): EvidenceProbe | undefined {
  const effective = status.get("Uid")?.split(/\s+/)[1];
  if (effective === undefined) return undefined;
  if (effective !== "0") return { holds: true, detail: `the user id is ${effective}` };
  // Root of a user namespace is nobody outside of it.
  const [inside, outside] = map.trim().split(/\s+/);
  const isMapped = inside === "0" && outside !== undefined && outside !== "0";
  return isMapped
    ? { holds: true, detail: `root is user id ${outside} outside of the container` }
    : { holds: false, detail: "the user id is 0 (root)" };
}

function newPrivileges(status: ReadonlyMap<string, string>): EvidenceProbe | undefined {
  const value = status.get("NoNewPrivs");
  return value === undefined
    ? undefined
    : { holds: value === "1", detail: `NoNewPrivs is ${value}` };
}

function rootFileSystem(mounts: string): EvidenceProbe | undefined {
  // The mount that came last is the one that is seen.
  const line = mounts.split("\n").findLast((mount) => mount.split(" ")[4] === "/");
  if (line === undefined) return undefined;
  const [, , , , , own = ""] = line.split(" ");
  const shared = line.split(" - ")[1]?.split(" ")[2] ?? "";
  const isReadOnly = [...own.split(","), ...shared.split(",")].includes("ro");
  return {
    holds: isReadOnly,
    detail: `the root file system is mounted ${isReadOnly ? "read-only" : "writable"}`,
  };
}
