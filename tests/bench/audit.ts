/**
 * How long a durable audit event takes when 64 actions record at once and share commits, against one commit for each
 * event, in the same run, with the same files and the same adapters; and what building, hashing and verifying one takes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { expectedHash, headOf, newChain, seal } from "../../core/audit/chain.ts";
import { draftEvent } from "../../core/audit/draft.ts";
import { openRecorder } from "../../core/audit/mod.ts";
import { type Canonicalizable, canonicalJson } from "../../core/encoding/mod.ts";
import type { AuditEvent } from "../../core/model/mod.ts";
import type { BenchRow } from "./row.ts";

const WRITERS = 64;
const ROUNDS = 3;
const GROUPED_EVENTS = 15_000;
const SINGLE_EVENTS = 1_000;

/** Runs all measurements, about five seconds. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "nomos-bench-"));
  try {
    return [
      benchSealing(),
      await benchSink("file", join(folder, "audit.jsonl")),
      await benchSink("sqlite", join(folder, "audit.db")),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchSink(kind: string, path: string): Promise<BenchRow> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(await record(kind, `${path}.${round}.single`, SINGLE_EVENTS, 1));
    ours.push(await record(kind, `${path}.${round}`, GROUPED_EVENTS, 512));
  }
  return {
    name: `${kind}: 64 writers share commits, against a commit for each event`,
    ours: median(ours),
    theirs: median(theirs),
    unit: "µs an event",
    ratio: median(theirs) / median(ours),
    goal: "at least 10",
  };
}

/** Records events from 64 writers; returns microseconds an event. */
async function record(
  kind: string,
  target: string,
  events: number,
  maxBatch: number,
): Promise<number> {
  const sinks = [{ kind, target }];
  const opened = await openRecorder({ sinks, ports: createAdapters(), maxBatch });
  if (!opened.ok) throw new Error("the sink cannot be opened");
  const recorder = opened.value;
  let left = events;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (left-- > 0) {
        const recorded = await recorder.record([EVENT]);
        if (!recorded.ok) throw new Error(recorded.reason.message);
      }
    }),
  );
  const took = performance.now() - started;
  await recorder.close();
  return (took / events) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Writing members in their known order, against sorting and writing an object twice, for the hash and for the line. */
function benchSealing(): BenchRow {
  const { digest } = createAdapters();
  let head = newChain("main-1");
  const ours = microseconds(() => {
    head = headOf(seal(draftEvent(EVENT, WHEN), head, digest));
  });
  // A plain object of JSON values, which the interface type cannot say.
  const plain = EVENT as unknown as Record<string, Canonicalizable>;
  let previous = "";
  let seq = 0;
  const theirs = microseconds(() => {
    const record = {
      ...plain,
      chain_id: "main-1",
      schema_version: "v1",
      seq: ++seq,
      timestamp: WHEN,
      ...(previous === "" ? {} : { prev_event_hash: previous }),
    };
    const event_hash = expectedHash(record as Parameters<typeof expectedHash>[0], digest);
    canonicalJson({ ...record, event_hash });
    previous = event_hash;
  });
  return {
    name: "build, hash and chain one event, against sorting its members",
    ours,
    theirs,
    unit: "µs",
    ratio: theirs / ours,
  };
}

function microseconds(work: () => void): number {
  const rounds = 20_000;
  for (let i = 0; i < rounds; i++) work();
  const started = performance.now();
  for (let i = 0; i < rounds; i++) work();
  return ((performance.now() - started) / rounds) * 1000;
}

const WHEN = "2026-01-01T00:00:00.000Z";
const HASH = "04ceb95b6eab660e1db5b4cf9e1d8ad320a4772a2a22775bb679d53daabd84f2";
const EVENT: AuditEvent = {
  event_type: "action.completed",
  trace_id: "trace_1",
  action_id: "act_1",
  principal: "developer",
  agent: "nomos",
  environment: "dev",
  action_type: "fs.read",
  resource: "file://workspace/README.md",
  resource_normalized: "file://workspace/README.md",
  params_hash: HASH,
  matched_rule_ids: ["read-workspace"],
  obligations: { max_output_bytes: 65536 },
  duration_ms: 3,
  result_classification: "SUCCESS",
  retryable: false,
  policy_bundle_hash: HASH,
  engine_version: "0.1.0",
  params_redacted_summary: "{}",
  executor_metadata: { bytes: 33, truncated: false },
  risk_level: "low",
  sandbox_mode: "none",
  network_mode: "deny",
  assurance_level: "BEST_EFFORT",
  action_summary: "fs.read file://workspace/README.md",
  decision: "ALLOW",
  reason: "allow_by_rule",
};
