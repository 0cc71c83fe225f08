import { builtin } from "../builtin.ts";
import { findProcesses } from "./marks.ts";

/** Time to look for processes that must end, in milliseconds. */
const KILL_LIMIT_MS = 5_000;
const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 50;

/** What a family is known by. */
export interface FamilyOptions {
  /** The first process, leader of its own group. */
  readonly leader: number;
  /** Stands in the environment of every process of the family. */
  readonly mark: string;
  /** Whether the leader holds the others' lives, so that it must not get TERM before them. */
  readonly sparesLeader: boolean;
}

/** A process and everything it has started, also what has left its group. */
export class Family {
  readonly #options: FamilyOptions;
  readonly #startedAt = performance.now();
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

  /** Asks all to end. */
  terminate(): void {
    const { leader, sparesLeader } = this.#options;
    if (!sparesLeader) this.#signalGroup("SIGTERM");
    for (const pid of this.#find()) {
      if (pid !== leader || !sparesLeader) signal(pid, "SIGTERM");
    }
  }

  /** Whether any of them lives. */
  lives(): boolean {
    return this.#find().length > 0;
  }

  /**
   * Ends all, and looks again until there is none: a process may start another while we look.
   *
   * @returns whether all have ended within five seconds
   */
  async kill(): Promise<boolean> {
    const until = performance.now() + KILL_LIMIT_MS;
    for (let wait = FIRST_WAIT_MS;; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      if (this.killOnce() === 0) break;
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
    const found = this.#find();
    for (const pid of found) signal(pid, "SIGKILL");
    return found.length;
  }

  #find(): readonly number[] {
    const { leader, mark } = this.#options;
    return findProcesses({ leader, mark, startedAt: this.#startedAt, group: this.#group });
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
