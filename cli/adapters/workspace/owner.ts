import { errorCode, nodeFs } from "./system.ts";

/** Which process wrote a journal. Process numbers are used again; the other members tell the users apart. */
export interface Owner {
  readonly pid: number;
  /** When the process started, in the system's own measure; empty where it is not told. */
  readonly start: string;
  /** This run of the machine; empty where it is not told. */
  readonly boot: string;
  /** The process namespace; empty where there is none. */
  readonly space: string;
}

let ourselves: Owner | undefined;

/** Ourselves. */
export function thisProcess(): Owner {
  return ourselves ??= {
    pid: process.pid,
    start: startOf(process.pid) ?? "",
    boot: readText("/proc/sys/kernel/random/boot_id"),
    space: readLink("/proc/self/ns/pid"),
  };
}

/** Whether a process still runs; `unknown` when it is of another namespace, where we cannot look. */
export function isAlive(owner: Owner): boolean | "unknown" {
  const us = thisProcess();
  if (owner.boot !== us.boot) return false;
  if (owner.space !== us.space) return "unknown";
  if (owner.start !== "") return startOf(owner.pid) === owner.start;
  try {
    return process.kill(owner.pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** The start time of a process that runs, from Linux's record of it. */
function startOf(pid: number): string | undefined {
  const record = readText(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets and may hold anything; the third is the state, the 22nd the
  // start time. A dead process stands there as Z until its parent asks for it.
  const fields = record.slice(record.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function readText(path: string): string {
  try {
    return nodeFs().readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return nodeFs().readlinkSync(path);
  } catch {
    return "";
  }
}
