import type { Child, Command } from "./command.ts";
import { birth, Family } from "./family.ts";
import { KeptBytes } from "./kept_bytes.ts";
import { launch } from "./launch.ts";
import { MARK_VARIABLE, markValue, newMark } from "./marks.ts";

/** Time between TERM and KILL, in milliseconds. */
const GRACE_MS = 1_000;
/** When we look for the first time whether all have obeyed TERM, in milliseconds, and how often at least. */
const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 100;
/** Processes that may be started to tidy up after TERM. */
const FEW = 8;
/** Time for what was written before the end to arrive, in milliseconds. */
const DRAIN_MS = 500;
/** Time for a killed process to be gone, in milliseconds. */
const REAP_MS = 5_000;
/** The longest time a timer can wait. */
const LONGEST_MS = 2_147_483_647;

/** Bounds of one process. */
export interface Bounds {
  readonly stdin?: Uint8Array;
  readonly timeoutMs: number;
  /** Most bytes kept of each stream. */
  readonly keepBytes: number;
  readonly signal: AbortSignal;
  /** Whether the first process holds the others' lives, so that it must not get TERM before them. */
  readonly sparesLeader: boolean;
}

/** How it went. */
export interface Course {
  readonly stdout: KeptBytes;
  readonly stderr: KeptBytes;
  readonly exitCode: number;
  readonly ended: "exit" | "timeout" | "canceled";
  /** Whether every process that was seen to belong to it has ended. */
  readonly clean: boolean;
}

/**
 * Runs a command to its end, its timeout or its cancellation, and ends whatever it has started.
 *
 * @throws the system's error when it cannot be started
 */
export async function supervise(command: Command, bounds: Bounds): Promise<Course> {
  const mark = newMark();
  const stdout = new KeptBytes(bounds.keepBytes);
  const stderr = new KeptBytes(bounds.keepBytes);
  const env = { ...command.env, [MARK_VARIABLE]: markValue(mark) };
  const born = birth();
  const child = await launch({ ...command, env }, {
    ...(bounds.stdin === undefined ? {} : { stdin: bounds.stdin }),
    stdout: (bytes) => stdout.take(bytes),
    stderr: (bytes) => stderr.take(bytes),
  });
  const { sparesLeader } = bounds;
  const family = new Family({ leader: child.pid, mark, birth: born, sparesLeader });
  let hasExited = false;
  const exited = child.exited.then((code) => {
    hasExited = true;
    family.leaderEnded();
    return code;
  });
  const ended = await firstEnd(exited, bounds);
  if (ended !== "exit") await askToEnd(family, () => hasExited);
  const clean = await family.kill();
  const exitCode = await within(exited, REAP_MS);
  await lastWords(child);
  return {
    stdout,
    stderr,
    ended,
    exitCode: exitCode ?? KILLED,
    clean: clean && exitCode !== undefined,
  };
}

/** What is told of a process that was killed and is not gone yet: 128 + 9. */
const KILLED = 137;

function firstEnd(
  exited: Promise<number>,
  { timeoutMs, signal }: Bounds,
): Promise<Course["ended"]> {
  return new Promise((resolve) => {
    const end = (how: Course["ended"]) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
      resolve(how);
    };
    const cancel = () => end("canceled");
    const timer = setTimeout(() => end("timeout"), Math.min(timeoutMs, LONGEST_MS));
    signal.addEventListener("abort", cancel);
    void exited.then(() => end("exit"));
    if (signal.aborted) cancel();
  });
}

/** Sends TERM and waits until all have obeyed, or their time is over, or they become more instead of fewer. */
async function askToEnd(family: Family, hasExited: () => boolean): Promise<void> {
  const until = performance.now() + GRACE_MS;
  const most = family.terminate() + FEW;
  for (let wait = FIRST_LOOK_MS; performance.now() < until; wait *= 2) {
    const pause = Math.min(wait, LAST_LOOK_MS);
    await new Promise((resolve) => setTimeout(resolve, pause));
    const left = family.count();
    if ((left === 0 && hasExited()) || left > most) return;
  }
}

/** Takes what was written before the end; somebody who escaped us may hold the streams open for ever. */
async function lastWords(child: Child): Promise<void> {
  const drained = child.drained.then(() => true);
  if (await within(drained, DRAIN_MS) === undefined) child.abandon();
}

/** What a promise gives, or `undefined` when it takes longer. */
function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
