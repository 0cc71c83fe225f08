import type { Clock } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Digest } from "./digest.ts";
import type { Files } from "./files.ts";
import type { HttpClient, Resolver } from "./http_client.ts";
import type { Ids } from "./ids.ts";
import type { ProcessRunner } from "./process_runner.ts";
import type { Storage } from "./append_file.ts";
import type { Workspace } from "./workspace.ts";

/** The process's environment, read by name. */
export interface Environment {
  /** The value of a variable. */
  get(name: string): string | undefined;
  /** Names of all variables. */
  names(): readonly string[];
}

/** Options of opening the workspace. */
export interface WorkspaceOptions {
  /**
   * Absolute paths of files and folders that no executor may touch, whether they exist yet or not, and identities
   * (`FileStat.identity`) of files that have no path of their own.
   */
  readonly protectedPaths: readonly string[];
}

/** How processes are run, fixed when the engine is built. */
export interface ProcessOptions {
  /** Absolute path of the workspace. */
  readonly workspaceRoot: string;
  /** PATH that `argv[0]` is resolved on. */
  readonly path: string;
  /** Absolute paths that no process may see or change. */
  readonly protectedPaths: readonly string[];
  /** What `local` means where the system has no sandbox; nothing at all unless said. */
  readonly localFallback?: "none" | "process";
}

/** Whether a confinement profile works on this machine. */
export type SandboxProbe =
  | { readonly available: true; readonly detail: string; readonly evidence?: SandboxEvidence }
  | { readonly available: false; readonly hint: string; readonly evidence?: SandboxEvidence };

/** What was seen of each claim about a container (`read_only_fs`, ...); `false` contradicts it. */
export type SandboxEvidence = Readonly<Record<string, boolean>>;

/** Everything the outside world offers, one constructor a port. Made by `cli/`, faked by `core/testing`. */
export interface Adapters {
  /** Name and version of the runtime, `deno 2.9.6`. */
  readonly runtime: string;
  /** The operating system. */
  readonly platform: "linux" | "darwin" | "windows" | "other";
  /** The time. */
  readonly clock: Clock;
  /** Unpredictable identifiers. */
  readonly ids: Ids;
  /** Hashing. */
  readonly digest: Digest;
  /** The operator's own files. */
  readonly files: Files;
  /** Where evidence is kept. */
  readonly storage: Storage;
  /** The process's environment. */
  readonly environment: Environment;
  /** Sends HTTP requests. */
  readonly http: HttpClient;
  /** Looks up host names. */
  readonly resolver: Resolver;
  /** Opens an SQLite database. */
  openDatabase(
    path: string,
    options?: { readOnly?: boolean; durability?: "full" | "normal" },
  ): Promise<Database>;
  /** Opens the one folder actions may touch. */
  openWorkspace(root: string, options: WorkspaceOptions): Promise<Workspace>;
  /** Makes ready to run processes. */
  openProcesses(options: ProcessOptions): Promise<ProcessRunner>;
  /** @param options where to look the sandbox's program up; our own PATH unless said */
  /** Finds out whether a confinement profile works on this machine. */
  probeSandbox(
    profile: "local" | "container",
    options?: { readonly path?: string; readonly workspaceRoot?: string },
  ): Promise<SandboxProbe>;
}
