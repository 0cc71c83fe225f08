import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const DRIVER = fileURLToPath(new URL("process_driver.ts", import.meta.url));

/** Runtimes that are on this machine. */
export const RUNTIMES = (["deno", "node"] as const).filter((name) =>
  name === "deno" || spawnSync("node", ["--version"]).status === 0
);

/** The driver as one file that both runtimes start, gone again after `using`. */
export class Driver {
  readonly #folder = mkdtempSync(join(tmpdir(), "nomos-driver-"));
  readonly #file = join(this.#folder, "driver.mjs");

  static async bundle(): Promise<Driver> {
    const driver = new Driver();
    const built = await esbuild.build({
      entryPoints: [DRIVER],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
    });
    writeFileSync(driver.#file, built.outputFiles[0]?.text ?? "");
    return driver;
  }

  /** Starts a scenario. */
  start(runtime: "deno" | "node", args: readonly string[]): Running {
    const [program, ...before] = runtime === "node"
      ? ["node"]
      : [process.execPath, "run", "-A", "--quiet"];
    return new Running(
      spawn(program ?? "", [...before, this.#file, ...args], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A scenario that runs. */
export class Running {
  readonly #process: ChildProcess;
  /** When it has ended: its exit code, and every value it printed. */
  readonly ended: Promise<{ code: number | null; values: unknown[] }>;
  #text = "";

  constructor(child: ChildProcess) {
    this.#process = child;
    child.stdout?.on("data", (chunk) => this.#text += String(chunk));
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => {
        const lines = this.#text.trim().split("\n").filter((line) => line !== "");
        resolve({ code, values: lines.map((line): unknown => JSON.parse(line)) });
      });
    });
  }

  /** Sends a signal. (The runtime's own `kill` would note it as how the process has ended.) */
  signal(name: "SIGTERM" | "SIGKILL"): void {
    if (this.#process.pid !== undefined) process.kill(this.#process.pid, name);
  }
}
