import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";
import type { HeldFolder } from "./workspace.ts";

/** One process to run. */
export interface ProcessRequest {
  /** Program and arguments; without NUL characters, the program not empty. */
  readonly argv: readonly string[];
  /** Whether a rule names `argv[0]` as it stands; only then may it be a program in the workspace. */
  readonly programNamed: boolean;
  /** Folder to run in; stays held until `run` has answered. */
  readonly cwd: HeldFolder;
  /** Variables of the child, secrets among them. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of Nomos's own variables that the child gets too, where they exist; `env` wins. */
  readonly inherit: readonly string[];
  /** Absent: the child reads end of file. */
  readonly stdin?: Uint8Array;
  /** Milliseconds until the process group is ended. */
  readonly timeoutMs: number;
  /** Most bytes kept of stdout and of stderr each; what comes beyond is read and thrown away. */
  readonly keepBytes: number;
  /** Confinement asked for. */
  readonly sandbox: "none" | "local" | "container";
  /** Network of a `local` sandbox; the other profiles have the one Nomos has. */
  readonly network: "none" | "host";
  /** Ends the process group early. */
  readonly signal: AbortSignal;
}

/** What really confined a process: `process` is a `local` profile that the operator let fall back to no sandbox. */
export type Confinement = "none" | "process" | "bubblewrap" | "seatbelt" | "container";

/** How a process ended. */
export interface ProcessEnd {
  /** What was kept of standard output. */
  readonly stdout: Uint8Array;
  /** What was kept of standard error. */
  readonly stderr: Uint8Array;
  /** Whether more was printed than kept. */
  readonly stdoutCut: boolean;
  /** Whether more was printed than kept. */
  readonly stderrCut: boolean;
  /** 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  /** Why it ended. */
  readonly ended: "exit" | "timeout" | "canceled";
  /** What really confined it. */
  readonly confinement: Confinement;
}

/**
 * Runs processes.
 *
 * Duties: the child gets exactly `env` and `inherit` plus `NOMOS_EXEC_ID` (and `PWD` in a sandbox), its own process group, and the confinement
 * asked for or nothing at all (`sandbox_required`). `argv[0]` without a slash is looked up on the configured PATH,
 * never in the workspace. When the first process exits, the rest of its group and every process that bears the mark is
 * killed and the answer is given; on timeout or cancellation all of them get TERM, then KILL. Memory stays flat
 * whatever is printed. Refusals: `not_found`, `does_not_fit`, `exec_not_allowlisted`, `sandbox_required`,
 * `execution_error`.
 */
export interface ProcessRunner {
  /** Runs one process to its end. */
  run(request: ProcessRequest): Promise<Result<ProcessEnd, Refusal>>;
}
