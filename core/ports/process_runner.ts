import type { Refusal } from "../model/mod.ts";
import type { Result } from "../encoding/mod.ts";

/** One process to run. */
export interface ProcessRequest {
  readonly argv: readonly string[];
  /** Workspace path to run in, as normalized; `""` is the root. */
  readonly cwd: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Absent: the child reads end of file. */
  readonly stdin?: Uint8Array;
  readonly timeoutMs: number;
  /** Most bytes kept of stdout and of stderr each; what comes beyond is read and thrown away. */
  readonly keepBytes: number;
  readonly sandbox: "none" | "local" | "container";
  readonly network: "none" | "host";
  readonly signal: AbortSignal;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutCut: boolean;
  readonly stderrCut: boolean;
  /** 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  readonly ended: "exit" | "timeout" | "canceled";
}

/**
 * Runs processes.
 *
 * Duties: the child gets exactly `env` plus `NOMOS_EXEC_ID`, its own process group, and the confinement asked for or
 * nothing at all (`sandbox_required`); when the first process exits, times out or is cancelled, every process of
 * the group and every process that bears the mark is ended (TERM, then KILL); memory stays flat whatever is printed.
 */
export interface ProcessRunner {
  run(request: ProcessRequest): Promise<Result<ProcessEnd, Refusal>>;
}
