/**
 * Runs processes from a program of its own, for tests that measure it, kill it or start it under another runtime:
 * `process_driver <scenario> <workspace> [argument…]`. Prints one line of JSON for each result.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { openProcesses } from "../../cli/adapters/process_runner.ts";
import type { ProcessRequest } from "../../core/ports/mod.ts";

const [scenario = "", workspace = "", ...rest] = process.argv.slice(2);
const runner = await openProcesses({
  workspaceRoot: workspace,
  path: "/usr/local/bin:/usr/bin:/bin",
  protectedPaths: [],
});

/** Runs a script of the system's shell, and tells how it went. */
async function sh(script: string, wishes: Partial<ProcessRequest> = {}) {
  const run = await runner.run({
    argv: ["sh", "-c", script],
    programNamed: false,
    cwd: { resolvedPath: "", startPath: workspace, release: () => Promise.resolve() },
    env: {},
    inherit: [],
    timeoutMs: 60_000,
    keepBytes: 131_072,
    sandbox: "none",
    network: "none",
    signal: new AbortController().signal,
    ...wishes,
  });
  if (!run.ok) return { code: run.reason.code, message: run.reason.message };
  const { stdout, stderr, exitCode, ended, stdoutCut, stderrCut } = run.value;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    stdout: text(stdout),
    stderr: text(stderr),
    code: exitCode,
    ended,
    cut: stdoutCut || stderrCut,
  };
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Memory of this process, in MB. */
function memory(): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
  return Number(line?.[1]) / 1024;
}

/** What does not depend on the runtime. */
async function basics(): Promise<void> {
  process.env["DRIVER_SECRET"] = "leaked";
  for (const sandbox of ["none", "local"] as const) {
    const env = await sh("env | sed 's/=.*//' | grep -v PWD", { sandbox });
    say([sandbox, "env", env]);
    say([sandbox, "input", await sh("cat", { sandbox, stdin: new TextEncoder().encode("in") })]);
    say([sandbox, "no input", await sh("cat", { sandbox })]);
    say([sandbox, "code", await sh("echo out; echo err >&2; exit 7", { sandbox })]);
    say([sandbox, "signal", await sh("kill -9 $$", { sandbox })]);
    say([sandbox, "holder", await sh("setsid sleep 100 & echo done", { sandbox })]);
    say([
      sandbox,
      "timeout",
      await sh("trap 'exit 3' TERM; sleep 100 & wait", {
        sandbox,
        timeoutMs: 200,
      }),
    ]);
    const endless = "yes | head -c 1000000; printf end >&2";
    const { stdout = "", ...flood } = await sh(endless, { sandbox, keepBytes: 1_000 });
    say([sandbox, "flood", { ...flood, length: stdout.length }]);
  }
  say(["none", "missing", await sh("", { argv: ["no-such-program"] })]);
}

/** Lets a process print, and tells how much memory that took at most. */
async function flood(bytes: string, sandbox: string): Promise<void> {
  await sh("true");
  const before = memory();
  let most = before;
  const watch = setInterval(() => most = Math.max(most, memory()), 5);
  const script = `head -c ${bytes} /dev/zero & head -c ${bytes} /dev/zero >&2; wait`;
  const profile = sandbox === "local" ? "local" : "none";
  const { stdout = "", stderr = "", ...told } = await sh(script, { sandbox: profile });
  clearInterval(watch);
  say({ ...told, kept: [stdout.length, stderr.length], growth: Math.round(most - before) });
}

/** Runs something that does not end by itself until it is told to end. */
async function hold(script: string, sandbox: string): Promise<void> {
  const gone = new AbortController();
  process.on("SIGTERM", () => gone.abort());
  const profile = sandbox === "local" ? "local" : "none";
  const running = sh(script, { sandbox: profile, signal: gone.signal });
  say("running");
  say(await running);
}

/** Leaves while something runs, as after a second signal. */
async function leave(script: string): Promise<void> {
  void sh(script);
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.exit(0);
}

switch (scenario) {
  case "basics":
    await basics();
    break;
  case "flood":
    await flood(rest[0] ?? "", rest[1] ?? "");
    break;
  case "hold":
    await hold(rest[0] ?? "", rest[1] ?? "");
    break;
  case "leave":
    await leave(rest[0] ?? "");
    break;
  default:
    throw new Error(`no scenario is named "${scenario}"`);
}
