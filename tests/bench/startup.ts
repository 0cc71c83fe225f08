/**
 * How long a command of the bundle takes from start to end, against an empty program under the same runtime, started in
 * turns. The bundle is made anew and started a few times before anything is measured, since the runtime keeps compiled
 * code between starts.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import type { BenchRow } from "./row.ts";

const ROOT = join(import.meta.dirname ?? "", "../..");
const RULES = 100;
const WARM_UP = 3;
const ROUNDS = 15;

/** One command, and how much of an empty program's speed is demanded and wanted. */
interface Start {
  readonly name: string;
  readonly args: readonly string[];
  readonly goal: string;
}

/** Runs all measurements, about ten seconds. */
export function run(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), "nomos-bench-"));
  try {
    const empty = join(folder, "empty.mjs");
    writeFileSync(empty, "");
    const bundle = join(folder, "nomos.mjs");
    const script = join(ROOT, "scripts/bundle.ts");
    start(["run", "-A", "--quiet", script, "--out", relative(ROOT, bundle)]);
    return measure(empty, bundle, startsWith(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startsWith(folder: string): readonly Start[] {
  const rules = Array.from({ length: RULES }, (_, i) => ruleOf(i));
  const json = join(folder, "bundle.json");
  const yaml = join(folder, "bundle.yaml");
  writeFileSync(json, JSON.stringify({ version: "v1", rules }, null, 2));
  writeFileSync(yaml, stringify({ version: "v1", rules }));
  const action = join(ROOT, "examples/quickstart/actions/deny-env.json");
  const test = ["policy", "test", "--action", action, "--bundle"];
  return [
    { name: "version", args: ["version"], goal: "at least 0.83 (wanted 0.91)" },
    { name: `policy test, ${RULES} rules, JSON`, args: [...test, json], goal: "at least 0.50" },
    { name: `policy test, ${RULES} rules, YAML`, args: [...test, yaml], goal: "at least 0.31" },
  ];
}

/** Rules of the usual kinds. */
function ruleOf(i: number): object {
  const rule = { id: `rule-${i}`, decision: "ALLOW" };
  switch (i % 4) {
    case 0:
      return { ...rule, action_type: "fs.read", resource: `file://workspace/src/${i}/**` };
    case 1: {
      const argv_patterns = [["git", "status"], ["deno", "test", `src/${i}`, "**"]];
      const resource = "file://workspace/";
      return { ...rule, action_type: "process.exec", resource, exec_match: { argv_patterns } };
    }
    case 2: {
      const host = `host${i}.example.com`;
      const obligations = { net_allowlist: [host] };
      return {
        ...rule,
        action_type: "net.http_request",
        resource: `url://${host}/**`,
        obligations,
      };
    }
    default:
      return {
        ...rule,
        action_type: "*",
        resource: `file://workspace/**/.secret-${i}`,
        decision: "DENY",
      };
  }
}

function measure(empty: string, bundle: string, starts: readonly Start[]): BenchRow[] {
  const lines = [[empty], ...starts.map(({ args }) => [bundle, ...args])];
  const times: number[][] = lines.map(() => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [i, line] of lines.entries()) {
      const took = start(["run", "-A", ...line]);
      if (round >= WARM_UP) times[i]?.push(took);
    }
  }
  const [theirs = 0, ...ours] = times.map(median);
  return starts.map(({ name, goal }, i) => {
    const own = ours[i] ?? 0;
    return { name, ours: own, theirs, unit: "ms", ratio: theirs / own, goal };
  });
}

/** Starts the runtime and waits for it. @returns milliseconds */
function start(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(Deno.execPath(), args, { cwd: ROOT, encoding: "utf8" });
  const took = performance.now() - began;
  if (status !== 0) throw new Error(`deno ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
