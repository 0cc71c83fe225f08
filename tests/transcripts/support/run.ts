import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Said } from "./transcript.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MAIN = join(ROOT, "cli", "main.ts");
/** A command that does not end is a failure with what it said until then. */
const GIVE_UP_MS = 30_000;

/** A command line, taken apart: `NAME=value nomos … < file | head -1`. */
interface Line {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly input: string | undefined;
  /** Whether the reader of stdout goes away after the first line. */
  readonly headOnly: boolean;
}

/** Runs one command line of a transcript as a process of its own. */
export async function runLine(command: string, cwd: string): Promise<Said> {
  const { env, args, input, headOnly } = readLine(command);
  const child = spawn(process.execPath, ["run", "-A", "--quiet", MAIN, ...args], {
    cwd,
    env: { ...kept(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), GIVE_UP_MS);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (headOnly && stdout.includes("\n")) child.stdout.destroy();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
  child.stdin.on("error", () => {});
  child.stdin.end(input === undefined ? "" : readFileSync(join(cwd, input)));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  clearTimeout(timer);
  const shown = headOnly ? `${stdout.split("\n")[0]}\n` : stdout;
  return { stdout: settle(shown, cwd), stderr: settle(stderr, cwd), exitCode };
}

function readLine(command: string): Line {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted ?? bare ?? ""
  );
  const start = words.indexOf("nomos");
  if (start === -1) throw new Error(`no nomos in: ${command}`);
  const env = Object.fromEntries(
    words.slice(0, start).map((word) => {
      const at = word.indexOf("=");
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  let rest = words.slice(start + 1);
  const headOnly = rest.slice(-3).join(" ") === "| head -1";
  if (headOnly) rest = rest.slice(0, -3);
  const input = rest.at(-2) === "<" ? rest.at(-1) : undefined;
  if (input !== undefined) rest = rest.slice(0, -2);
  return { env, args: rest, input, headOnly };
}

/** What a child gets of our environment: enough to find the runtime's caches, nothing that changes output. */
function kept(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "SYSTEMROOT", "TEMP", "LOCALAPPDATA", "USERPROFILE"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }));
}

/** Leaves out what differs from machine to machine. */
function settle(text: string, cwd: string): string {
  return text.replaceAll(cwd, "<folder>")
    // Columns behind a path move with its length.
    .replaceAll(/(<folder>\S*) +(?=\S)/g, "$1  ").replaceAll(
      /\bdeno \d+\.\d+\.\d+/g,
      "deno <version>",
    );
}
