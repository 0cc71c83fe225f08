import { builtin } from "../builtin.ts";
import { hasNumber, listProcesses, newestNumber, readEnvironment, readRecord } from "./proc.ts";

/** What the processes that are looked for are known by. */
export interface Quarry {
  /** Stands in the environment of each. */
  readonly mark: string;
  /** The first of them. */
  readonly leader: number;
  /** Whether members of the leader's group count, whatever their environment. */
  readonly group: boolean;
  /** When the leader was started, by `performance.now()`. */
  readonly startedAt: number;
  /** The same in hundredths of a second since the machine started, or a little before. */
  readonly bornAt: number;
}

const LINUX = builtin("node:process").platform === "linux";
/**
 * Numbers are given out in order and begin again at the end. In this time, in milliseconds, no machine starts so many
 * processes that the order tells nothing.
 */
const ORDER_HOLDS_MS = 100;
/** Up to so many numbers are tried one by one; for more, all processes are listed. */
const FEW_NUMBERS = 256;
/** The longest we follow processes that start others, in milliseconds. */
const CHASE_MS = 200;
/** Time in which a process that becomes another program has an environment again, in milliseconds. */
const BETWEEN_PROGRAMS_MS = 5;

/**
 * Visits every living process of the quarry, each at once when it is found: a moment later it may have started another
 * and be gone. Where the visitor kills, none is left that was not killed.
 *
 * That is because it ends in a moment when no process is newer than those it has looked at: one that runs away by
 * starting another all the time is met at the front of the numbers. There are none on systems that do not show the
 * environment of processes.
 *
 * @returns how many were found; some may be counted twice
 */
export function hunt(quarry: Quarry, visit: (pid: number) => void): number {
  if (!LINUX) return 0;
  const chase = new Chase(quarry, visit);
  const newest = newestNumber();
  const inOrder = performance.now() - quarry.startedAt < ORDER_HOLDS_MS;
  if (newest !== undefined) {
    // Those at the front first: while they run, looking at all others takes long.
    const front = chase.follow(inOrder ? quarry.leader : Math.max(0, newest - FEW_NUMBERS));
    if (inOrder) return chase.found;
    listProcesses().forEach((pid) => chase.look(pid));
    chase.follow(front);
  } else {
    listProcesses().forEach((pid) => chase.look(pid));
  }
  return chase.found;
}

class Chase {
  readonly #quarry: Quarry;
  readonly #visit: (pid: number) => void;
  #unclear: number[] = [];
  found = 0;

  constructor(quarry: Quarry, visit: (pid: number) => void) {
    this.#quarry = quarry;
    this.#visit = visit;
  }

  look(pid: number): void {
    const kind = kindOf(pid, this.#quarry);
    if (kind === "unclear") this.#unclear.push(pid);
    if (kind !== "ours") return;
    this.found++;
    this.#visit(pid);
  }

  /**
   * Looks at every process newer than a number until there is none left.
   *
   * @returns the newest number by then
   */
  follow(from: number): number {
    const began = performance.now();
    for (let seen = from;;) {
      const newest = newestNumber() ?? seen;
      const elapsed = performance.now() - began;
      const settled = this.#unclear.length === 0 || elapsed > BETWEEN_PROGRAMS_MS;
      if ((newest === seen && settled) || elapsed > CHASE_MS) return seen;
      const again = this.#unclear;
      this.#unclear = [];
      // The newest first: those that run away are there, while it takes long to look at all that they left dead.
      for (const pid of numbersBetween(seen, newest).toReversed()) this.look(pid);
      for (const pid of again) this.look(pid);
      seen = newest;
    }
  }
}

/** The numbers behind one up to another that may be taken. */
function numbersBetween(from: number, to: number): readonly number[] {
  const count = to - from;
  if (count >= 0 && count <= FEW_NUMBERS) {
    return Array.from({ length: count }, (_, i) => from + 1 + i).filter(hasNumber);
  }
  const isBetween = count > 0
    ? (pid: number) => pid > from && pid <= to
    : (pid: number) => pid > from || pid <= to;
  return listProcesses().filter(isBetween);
}

/** A process that has just been started, or is becoming another program, may not show whose it is: `unclear`. */
function kindOf(pid: number, quarry: Quarry): "ours" | "other" | "unclear" {
  const environment = readEnvironment(pid);
  if (environment.includes(quarry.mark)) return "ours";
  if (environment !== "" && !quarry.group) return "other";
  const record = readRecord(pid);
  if (record === undefined || "ZX".includes(record.state) || record.isKernel) return "other";
  if (quarry.group && record.group === quarry.leader) return "ours";
  return environment === "" && record.startedAt >= quarry.bornAt ? "unclear" : "other";
}
