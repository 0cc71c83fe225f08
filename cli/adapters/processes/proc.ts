import { nodeFs } from "../workspace/system.ts";

/** What the system tells of a process. */
export interface ProcessRecord {
  /** One letter; `Z` and `X` are dead. */
  readonly state: string;
  readonly group: number;
  /** Whether it is a part of the kernel. */
  readonly isKernel: boolean;
  /** In hundredths of a second since the machine started. */
  readonly startedAt: number;
}

const KERNEL_THREAD = 0x0020_0000;

/** The record of a process; `undefined` when it is gone. */
export function readRecord(pid: number): ProcessRecord | undefined {
  const text = readProc(`${pid}/stat`);
  // The program's name stands in brackets and may hold anything. Behind it: state, parent, group, session, terminal,
  // its group, flags, ...; the start time is the 20th.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (text === "") return undefined;
  return {
    state: fields[0] ?? "",
    group: Number(fields[2]),
    isKernel: (Number(fields[6]) & KERNEL_THREAD) !== 0,
    startedAt: Number(fields[19]),
  };
}

/** The environment a process was started with; empty when it is gone, somebody else's, or between two programs. */
export function readEnvironment(pid: number): string {
  return readProc(`${pid}/environ`);
}

/** Every process there is now. */
export function listProcesses(): readonly number[] {
  return nodeFs().readdirSync("/proc").map(Number).filter((pid) => pid > 0);
}

/** Whether a process or thread has this number. */
export function hasNumber(pid: number): boolean {
  return nodeFs().existsSync(`/proc/${pid}`);
}

/** The time since the machine started, in hundredths of a second; 0 where it is not told. */
export function uptime(): number {
  return Math.floor(Number(readProc("uptime").split(" ")[0]) * 100) || 0;
}

let newestFile: number | undefined;

/** The number that was given to the newest process or thread; `undefined` where it is not told. */
export function newestNumber(): number | undefined {
  const fs = nodeFs();
  try {
    newestFile ??= fs.openSync("/proc/loadavg", "r");
    const text = readText(newestFile).trim();
    const number = Number(text.slice(text.lastIndexOf(" ") + 1));
    return number > 0 ? number : undefined;
  } catch {
    newestFile = undefined;
    return undefined;
  }
}

const piece = new Uint8Array(65_536);
const latin1 = new TextDecoder("latin1");

/** The text of a file in /proc; empty when there is none, or it is not for us. */
function readProc(name: string): string {
  const fs = nodeFs();
  let fd: number;
  try {
    fd = fs.openSync(`/proc/${name}`, "r");
  } catch {
    return "";
  }
  try {
    return readText(fd);
  } catch {
    return "";
  } finally {
    fs.closeSync(fd);
  }
}

/** Reads from the start to the end. Half as long as the runtime's own way takes, which counts when there is a hurry. */
function readText(fd: number): string {
  let text = "";
  for (;;) {
    const length = nodeFs().readSync(fd, piece, 0, piece.length, text.length);
    text += latin1.decode(piece.subarray(0, length));
    if (length < piece.length) return text;
  }
}
