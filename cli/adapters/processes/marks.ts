import { builtin } from "../builtin.ts";
import { nodeFs, randomHex } from "../workspace/system.ts";

/** The variable that marks a process and everything it starts. */
export const MARK_VARIABLE = "NOMOS_EXEC_ID";

const LINUX = builtin("node:process").platform === "linux";
/**
 * Process numbers are given out in order and begin again at the end. In this time, in milliseconds, no machine starts
 * so many processes that the order tells nothing.
 */
const ORDER_HOLDS_MS = 100;

/** A mark nobody else has. */
export function newMark(): string {
  return randomHex(16);
}

/** The value of the variable: a process that Nomos runs may be Nomos itself, and both marks must hold. */
export function markValue(mark: string): string {
  const { env } = builtin("node:process");
  const outer = env[MARK_VARIABLE];
  return outer === undefined ? mark : `${outer},${mark}`;
}

/** Looks for the processes that descend from one. */
export interface Search {
  readonly mark: string;
  readonly leader: number;
  /** When the leader was started, by `performance.now()`. */
  readonly startedAt: number;
  /** Whether members of the leader's group are looked for too. */
  readonly group: boolean;
}

/**
 * The living processes that bear the mark, or belong to the group. None on systems that do not show the environment of
 * processes.
 */
export function findProcesses(search: Search): readonly number[] {
  if (!LINUX) return [];
  const born = bornSince(search);
  if (born === undefined) return [];
  return nodeFs().readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && born(pid) && belongs(pid, search));
}

/** Which numbers a descendant can have; `undefined` when there was none. */
function bornSince({ leader, startedAt }: Search): ((pid: number) => boolean) | undefined {
  if (performance.now() - startedAt > ORDER_HOLDS_MS) return () => true;
  const last = Number(readProc("loadavg").trim().split(" ").at(-1));
  if (!(last > 0)) return () => true;
  if (last === leader) return undefined;
  return last > leader
    ? (pid) => pid >= leader && pid <= last
    : (pid) => pid >= leader || pid <= last;
}

function belongs(pid: number, { mark, group, leader }: Search): boolean {
  if (readProc(`${pid}/environ`).includes(mark)) return true;
  return group && isMember(pid, leader);
}

function isMember(pid: number, leader: number): boolean {
  const record = readProc(`${pid}/stat`);
  // The program's name stands in brackets and may hold anything; behind it: state, parent, group.
  const [state, , group] = record.slice(record.lastIndexOf(")") + 2).split(" ");
  return Number(group) === leader && state !== "Z" && state !== "X";
}

function readProc(name: string): string {
  try {
    return nodeFs().readFileSync(`/proc/${name}`, "latin1");
  } catch {
    // Gone meanwhile, or somebody else's.
    return "";
  }
}
