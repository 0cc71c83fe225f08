import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A real process that records events. */
export interface Writer {
  readonly process: ChildProcess;
  /** Ids whose receipt the process had. */
  readonly acknowledged: string[];
  /** Resolves when so many ids were acknowledged. */
  reached(count: number): Promise<void>;
  /** Ends the process as nothing can catch, and reads what it still had to say. */
  kill(): Promise<void>;
}

/** Starts a process that records as fast as it can. */
export function startWriter(sinks: string, prefix: string, writers = 64): Writer {
  const script = `${ROOT}tests/faults/support/audit_writer.ts`;
  const args = ["run", "-A", "--quiet", "--no-check", script, sinks, String(writers), prefix];
  const child = spawn(Deno.execPath(), args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: string[] = [];
  let rest = "";
  let errors = "";
  let wake = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    acknowledged.push(...lines);
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors += text);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    process: child,
    acknowledged,
    async reached(count) {
      while (acknowledged.length < count) {
        const more = new Promise<void>((resolve) => wake = resolve);
        await Promise.race([more, closed]);
        if (child.exitCode !== null) throw new Error(`the writer ended: ${errors}`);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}
