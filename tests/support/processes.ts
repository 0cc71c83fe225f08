import { readdirSync, readFileSync } from "node:fs";
import { openProcesses } from "../../cli/adapters/process_runner.ts";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import type {
  ProcessOptions,
  ProcessRequest,
  ProcessRunner,
  Workspace,
} from "../../core/ports/mod.ts";
import { TempFolder } from "./temp_folder.ts";

/** Where the tests' programs are. */
export const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** What a test wants otherwise than usual. */
export type Wishes =
  & Partial<Omit<ProcessRequest, "argv" | "cwd" | "stdin">>
  & { readonly in?: string; readonly stdin?: string };

/** How a run went: the end in plain text, or the code and message of the refusal. */
export interface Told {
  readonly stdout: string;
  readonly stderr: string;
  readonly cut: string;
  readonly code: number | string;
  readonly ended: string;
  readonly confinement: string;
  readonly message: string;
}

/** What a world is opened with. */
export interface WorldOptions extends Pick<Partial<ProcessOptions>, "localFallback"> {
  /** The PATH, given the workspace; the system's unless said. */
  readonly path?: (workspace: TempFolder) => string;
  /** Relative to the workspace. */
  readonly protectedPaths?: readonly string[];
}

/** A workspace with a real process runner over it, gone again after `using`. */
export class ProcessWorld {
  readonly folder: TempFolder;
  readonly workspace: Workspace;
  readonly runner: ProcessRunner;

  private constructor(folder: TempFolder, workspace: Workspace, runner: ProcessRunner) {
    this.folder = folder;
    this.workspace = workspace;
    this.runner = runner;
  }

  /** @param options what is to differ; protected paths are relative to the workspace */
  static async open(options: WorldOptions = {}): Promise<ProcessWorld> {
    const folder = new TempFolder();
    const { path = () => SYSTEM_PATH, localFallback = "none" } = options;
    const protectedPaths = (options.protectedPaths ?? []).map((name) => folder.at(name));
    const workspace = await openWorkspace(folder.path, { protectedPaths });
    const runner = await openProcesses({
      workspaceRoot: folder.path,
      path: path(folder),
      protectedPaths,
      localFallback,
    });
    return new ProcessWorld(folder, workspace, runner);
  }

  /** Runs a command in the workspace. */
  async run(argv: readonly string[], wishes: Wishes = {}): Promise<Told> {
    const { in: path = "", stdin, ...rest } = wishes;
    const cwd = await this.workspace.holdFolder(path);
    if (!cwd.ok) return { ...NOTHING, code: cwd.reason.code, message: cwd.reason.message };
    const run = await this.runner.run({
      argv,
      cwd: cwd.value,
      programNamed: false,
      env: {},
      inherit: [],
      timeoutMs: 20_000,
      keepBytes: 1_000_000,
      sandbox: "none",
      network: "none",
      signal: new AbortController().signal,
      ...(stdin === undefined ? {} : { stdin: new TextEncoder().encode(stdin) }),
      ...rest,
    });
    await cwd.value.release();
    if (!run.ok) return { ...NOTHING, code: run.reason.code, message: run.reason.message };
    const { stdout, stderr, stdoutCut, stderrCut, exitCode, ended, confinement } = run.value;
    return {
      stdout: new TextDecoder().decode(stdout),
      stderr: new TextDecoder().decode(stderr),
      cut: [...(stdoutCut ? ["stdout"] : []), ...(stderrCut ? ["stderr"] : [])].join(" "),
      code: exitCode,
      ended,
      confinement,
      message: "",
    };
  }

  /** Runs a script of the system's shell. */
  sh(script: string, wishes: Wishes = {}): Promise<Told> {
    return this.run(["sh", "-c", script], wishes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workspace.close();
    this.folder[Symbol.dispose]();
  }
}

const NOTHING: Told = {
  stdout: "",
  stderr: "",
  cut: "",
  code: 0,
  ended: "",
  confinement: "",
  message: "",
};

let lastSign = 0;

/** A duration for `sleep` that no other process sleeps for, by which the tests recognize theirs. */
export function sleepSign(): string {
  return `${100_000 + process.pid}.${++lastSign}`;
}

/** The living processes with this word among their arguments. Those that ended and wait for their parent are dead. */
export function livingWith(sign: string): readonly number[] {
  return readdirSync("/proc").map(Number).filter((pid) => {
    if (!(pid > 0) || pid === process.pid) return false;
    return readProc(pid, "cmdline").split("\0").includes(sign) && !isZombie(pid);
  });
}

/** The living processes that bear a mark in their environment. */
export function livingMarked(mark: string): readonly number[] {
  return readdirSync("/proc").map(Number).filter((pid) =>
    pid > 0 && readProc(pid, "environ").includes(mark)
  );
}

function isZombie(pid: number): boolean {
  const record = readProc(pid, "stat");
  return record.slice(record.lastIndexOf(")") + 2).startsWith("Z");
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}

/** Waits until something holds, for ten seconds at most. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
