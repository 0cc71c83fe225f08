import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** `nomos serve`, as an operator starts it. */
export class NomosProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly exited: Promise<ProcessExit>;
  /** Everything it said so far. */
  stderr = "";
  url = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    child.stderr?.on("data", (chunk: Uint8Array) => {
      this.stderr += new TextDecoder().decode(chunk);
    });
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param config path of its configuration
   * @param env variables besides the test's own
   * @param wrapper a program and arguments that start it in their place
   */
  static async serve(
    config: string,
    env: Readonly<Record<string, string>> = {},
    wrapper: readonly string[] = [],
  ): Promise<NomosProcess> {
    const nomosArgs = ["run", "-A", "--quiet", MAIN, "serve", "-c", config];
    const [program = process.execPath, ...args] = [...wrapper, process.execPath, ...nomosArgs];
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const nomos = new NomosProcess(child);
    const end = performance.now() + 20_000;
    while (performance.now() < end && child.exitCode === null) {
      const url = /listening on (\S+)/.exec(nomos.stderr)?.[1];
      if (url !== undefined) {
        nomos.url = url;
        return nomos;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill("SIGKILL");
    throw new Error(`nomos serve does not listen:\n${nomos.stderr}`);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): void {
    // Not by the child's own method: Deno then takes the signal that was sent for the way it ended.
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.kill("SIGKILL");
    await this.exited;
  }
}
