/**
 * The gate: `deno task ok`. Every step runs, whatever became of the ones before; each prints one line, a failed one
 * its output as well. Exit code 1 when any failed. CI runs this and nothing else about the code.
 */
import { join } from "node:path";
import { print, PROJECT_ROOT } from "./lib/finding.ts";
import { runDeno } from "./lib/run.ts";

/** One step of the gate. */
interface Step {
  readonly name: string;
  /** What Deno is asked to do. */
  readonly args: readonly string[];
  /** Files the step cannot do without; one that is missing fails it. */
  readonly needs: readonly string[];
}

function script(name: string, path: string, ...args: string[]): Step {
  return { name, args: ["run", "-A", path, ...args], needs: [path] };
}

/** The long ones first: two steps run at a time. */
function stepsSideBySide(entryPoints: readonly string[]): readonly Step[] {
  return [
    script("types", "scripts/types.ts"),
    script("neutral core", "scripts/neutral_core.ts"),
    { name: "doc comments", args: ["doc", "--lint", ...entryPoints], needs: entryPoints },
    script("generated docs", "scripts/docs.ts", "--check"),
    script("schemas", "scripts/schemas.ts", "--check"),
    { name: "lint", args: ["lint"], needs: [] },
    { name: "format", args: ["fmt", "--check"], needs: [] },
    script("layers", "scripts/layers.ts"),
    script("sizes", "scripts/sizes.ts"),
  ];
}

/** Alone, since the tests use every core. */
const STEPS_ALONE: readonly Step[] = [script("tests", "scripts/run_tests.ts")];

/** The modules that others may import, as `deno.json` exports them. */
async function listEntryPoints(): Promise<string[]> {
  const config: unknown = JSON.parse(await Deno.readTextFile(join(PROJECT_ROOT, "deno.json")));
  if (typeof config !== "object" || config === null || !("exports" in config)) return [];
  return Object.values(config.exports ?? {}).map((path) => String(path).replace(/^\.\//, ""));
}

async function listMissing(paths: readonly string[]): Promise<string[]> {
  const stats = await Promise.all(
    paths.map((path) => Deno.stat(join(PROJECT_ROOT, path)).catch(() => undefined)),
  );
  return paths.filter((_, index) => stats[index] === undefined);
}

/** Runs a step and tells its result. */
async function passes(step: Step): Promise<boolean> {
  const began = performance.now();
  const missing = await listMissing(step.needs);
  const { code, text } = missing.length > 0
    ? { code: 1, text: `Cannot run: ${missing.join(", ")} is missing` }
    : await runDeno(step.args, { cwd: PROJECT_ROOT });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const lastLine = text.trimEnd().split("\n").at(-1) ?? "";
  const summary = code === 0 && step.args[0] === "run" ? `  ${lastLine}` : "";
  print(
    `${code === 0 ? "ok    " : "FAILED"} ${step.name.padEnd(15)}${seconds.padStart(6)} s${summary}`,
  );
  if (code !== 0) print(text.trimEnd().replace(/^/gm, "  | "));
  return code === 0;
}

/** Runs steps, `width` at a time; returns the names of those that failed. */
async function runSteps(steps: readonly Step[], width: number): Promise<string[]> {
  const waiting = [...steps];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!await passes(step)) failed.push(step.name);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return failed;
}

const began = performance.now();
const failed = [
  ...await runSteps(stepsSideBySide(await listEntryPoints()), 2),
  ...await runSteps(STEPS_ALONE, 1),
];
const seconds = ((performance.now() - began) / 1000).toFixed(1);
print(
  failed.length === 0 ? `all ok in ${seconds} s` : `failed in ${seconds} s: ${failed.join(", ")}`,
);
Deno.exit(failed.length === 0 ? 0 : 1);
