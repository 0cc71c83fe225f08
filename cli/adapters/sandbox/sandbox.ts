import type { Confinement } from "../../../core/ports/mod.ts";
import type { Command } from "../processes/command.ts";

/** What one process may have in its sandbox. */
export interface SandboxTerms {
  /** Workspace path to run in; `""` is the root. */
  readonly cwd: string;
  readonly network: "none" | "host";
}

/** One way to confine processes that works on this machine. */
export interface Sandbox {
  readonly kind: Confinement;
  /**
   * Whether the confining program is the parent of what it confines, so that it must outlive it: it does not get TERM,
   * and its end is everybody's.
   */
  readonly isParent: boolean;
  /** Whether a program at this path can be run in it. Both spellings of a program are asked for. */
  shows(path: string): boolean;
  /** The command that runs another one in the sandbox. */
  confine(command: Command, terms: SandboxTerms): Command;
  /** Why nothing was run, when the confining program itself failed. */
  failure(end: { exitCode: number; stdout: Uint8Array; stderr: Uint8Array }): string | undefined;
}

/** What a sandbox is built from. */
export interface SandboxOptions {
  /** PATH that the confining program is looked up on. */
  readonly path: string;
  /** Real path of the workspace. */
  readonly workspace: string;
  /** Absolute paths that must not be seen. */
  readonly protectedPaths: readonly string[];
}
