import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Seconds a fault is kept up; the gate takes little, a night takes more. */
export const SECONDS = Number(process.env["NOMOS_TEST_SECONDS"] ?? 3);

/** Runs a script of this folder as a process of its own, killed at the latest after `using`. */
export class Child {
  readonly process: ChildProcess;
  readonly #output: string[] = [];

  constructor(script: string, args: readonly string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.process = spawn(process.execPath, ["run", "-A", "--quiet", "--no-check", path, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.process.stdout?.on("data", (chunk) => this.#output.push(String(chunk)));
  }

  get output(): string {
    return this.#output.join("");
  }

  /** Waits until the process printed something. */
  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.process.exitCode !== null) throw new Error(`the child ended: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Kills the process at once and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
