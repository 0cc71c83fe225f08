/**
 * What running a process through Nomos costs: `process.exec` of `true` against starting it with the runtime's own
 * means, in the same run. The process is started in a group of its own on both sides, since nobody could end it with
 * its children otherwise; a start without one is the second row.
 */
import { processExec } from "../../core/actions/process_exec.ts";
import { Permit } from "../../core/actions/mod.ts";
import type { ActionPorts } from "../../core/actions/mod.ts";
import { Receipt } from "../../core/audit/receipt.ts";
import { createLeases } from "../../core/leases/mod.ts";
import { countingIds, ManualClock } from "../../core/testing/mod.ts";
import { SETTINGS } from "../support/perform.ts";
import { ProcessWorld } from "../support/processes.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 150;
const WARM_UP = 10;
const ROOT = "file://workspace/";

type Work = () => Promise<unknown>;

/** Runs all measurements, about five seconds. */
export async function run(): Promise<BenchRow[]> {
  await using world = await ProcessWorld.open();
  // What ends a sandbox goes on for a while behind it, so the sandbox is measured last and against a side of its own.
  const open = await sideBySide({
    ours: ours(world, "none"),
    group: () => bare(true),
    plain: () => bare(false),
  });
  const confined = await sideBySide({ none: ours(world, "none"), local: ours(world, "local") });
  const row = (name: string, ours: number, theirs: number, goal: string): BenchRow => {
    return { name, ours, theirs, unit: "ms", ratio: theirs / ours, goal };
  };
  return [
    row(
      "`process.exec` of `true`, against a bare start in a group of its own",
      open.ours,
      open.group,
      "at least 0.67",
    ),
    row("the same, against a bare start without a group", open.ours, open.plain, ""),
    row("`process.exec` of `true` in the sandbox, against none", confined.local, confined.none, ""),
  ];
}

/** Hold, execute and release, as the engine does after its decision. */
function ours(world: ProcessWorld, sandbox: "none" | "local"): Work {
  const clock = new ManualClock();
  const typed = { argv: ["true"], cwd: "", envKeys: [], leaseIds: [] };
  const action = {
    type: processExec,
    params: typed,
    claims: [],
    facts: {
      id: "act_1",
      traceId: "trace_1",
      type: "process.exec",
      resource: ROOT,
      params: { argv: ["true"] },
      paramsHash: "",
      facets: { argv: ["true"] },
      riskFlags: [],
      riskLevel: "high",
      identity: { principal: "p", agent: "a", environment: "e", method: "asserted" },
    },
  } as const;
  // Executing a process uses no other port.
  const ports = {
    settings: SETTINGS,
    workspace: world.workspace,
    processes: world.runner,
    leases: createLeases([], { clock, ids: countingIds() }),
    signal: new AbortController().signal,
  } as unknown as ActionPorts;
  return async () => {
    const permit = Permit.issue(action, {
      decision: {
        verdict: "ALLOW",
        reason: "allow_by_rule",
        rules: [],
        provenance: { hash: "", sources: [], inputs: [] },
        terms: { sandbox_mode: sandbox },
      },
      receipt: new Receipt(true),
      caps: { maxBytes: 65_536, maxLines: 200 },
    });
    const held = await processExec.hold?.(action, ports);
    if (!held?.handle.ok) throw new Error("the workspace is held");
    const result = await processExec.execute?.(permit, ports, held.handle.value);
    await held.release();
    if (!result?.ok || result.value.meta.exit_code !== 0) throw new Error("true succeeds");
  };
}

/** The least that runs a program with an empty environment and takes what it prints. */
async function bare(detached: boolean): Promise<void> {
  const child = new Deno.Command("true", {
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached,
  }).spawn();
  const [status] = await Promise.all([
    child.status,
    new Response(child.stdout).bytes(),
    new Response(child.stderr).bytes(),
  ]);
  if (!status.success) throw new Error("true succeeds");
}

/** Median milliseconds of each, measured in turns so that what disturbs one disturbs all. */
async function sideBySide<K extends string>(works: Record<K, Work>): Promise<Record<K, number>> {
  const names = Object.keys(works) as K[]; // the keys of a record are its names
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const name of names) {
      const began = performance.now();
      await works[name]();
      if (round >= 0) times.get(name)?.push(performance.now() - began);
    }
  }
  const medians = names.map((name) => [name, median(times.get(name) ?? [])]);
  return Object.fromEntries(medians) as Record<K, number>; // every name got its median
}

function median(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? 0;
}
