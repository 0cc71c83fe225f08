import { builtin } from "../builtin.ts";
import { hunt } from "./hunt.ts";
import { uptime } from "./proc.ts";

/** Time to look for processes that must end, in milliseconds. */
const KILL_LIMIT_MS = 5_000;
/** How long the killed are given to be gone before we look again, in milliseconds. */
const FIRST_WAIT_MS = 1;
const LAST_WAIT_MS = 20;

/** What a family is known by. */
export interface FamilyOptions {
  /** When it was started or a moment before. */
  readonly birth: Birth;
  /** The first process, leader of its own group. */
  readonly leader: number;
  /** Stands in the environment of every process of the family. */
  readonly mark: string;
  /** Whether the leader holds the others' lives, so that it must not get TERM before them. */
  readonly sparesLeader: boolean;
}

/** A moment, by two clocks. */
export interface Birth {
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** In hundredths of a second since the machine started. */
  readonly bornAt: number;
}

/** The moment before a process is started. */
export function birth(): Birth {
  return { startedAt: performance.now(), bornAt: uptime() };
}

/** A process and everything it has started, also what has left its group. */
export class Family {
  readonly #options: FamilyOptions;
  /** Whether the group had members when we last looked; once it has none, its number may become another's. */
  #group = true;
  #leaderGone = false;

  constructor(options: FamilyOptions) {
    this.#options = options;
    livingFamilies.add(this);
    killOnExit();
  }

  /** Tells that the leader has ended and its number may become another's. */
  leaderEnded(): void {
    this.#leaderGone = true;
  }

  /** Asks all to end. Returns how many were found. */
  terminate(): number {
    const { leader, sparesLeader } = this.#options;
    if (!sparesLeader) this.#signalGroup("SIGTERM");
    return this.#visit((pid) => {
      if (pid !== leader || !sparesLeader) signal(pid, "SIGTERM");
    });
  }

  /** How many of them live. */
  count(): number {
    return this.#visit(() => {});
  }

  /**
   * Ends all, and waits until they are gone.
   *
   * @returns whether all have ended within five seconds
   */
  async kill(): Promise<boolean> {
    const until = performance.now() + KILL_LIMIT_MS;
    for (let wait = FIRST_WAIT_MS; this.killOnce() > 0; wait = Math.min(2 * wait, LAST_WAIT_MS)) {
      if (performance.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    livingFamilies.delete(this);
    return true;
  }

  /** Sends KILL to all that are found now. Returns how many. */
  killOnce(): number {
    this.#signalGroup("SIGKILL");
    if (!this.#leaderGone) signal(this.#options.leader, "SIGKILL");
    return this.#visit((pid) => signal(pid, "SIGKILL"));
  }

  #visit(visit: (pid: number) => void): number {
    const { leader, mark, birth } = this.#options;
    return hunt({ leader, mark, ...birth, group: this.#group }, visit);
  }

  #signalGroup(name: "SIGTERM" | "SIGKILL"): void {
    if (!this.#group) return;
    const reached = signal(-this.#options.leader, name);
    // The leader becomes one a moment after it was started.
    if (!reached && this.#leaderGone) this.#group = false;
  }
}

/** Families of which somebody may live. */
const livingFamilies = new Set<Family>();
let hooked = false;

/** The last resort when this process ends without having waited for what it runs. */
function killOnExit(): void {
  if (hooked) return;
  hooked = true;
  builtin("node:process").on("exit", () => {
    for (const family of livingFamilies) family.killOnce();
  });
}

/** Sends a signal; `false` when there is nobody to get it. */
function signal(pid: number, name: "SIGTERM" | "SIGKILL"): boolean {
  try {
    builtin("node:process").kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
