import { fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import type { Adapters, FileLock } from "../ports/mod.ts";
import { newChain } from "./chain.ts";
import { type CheckpointSigner, readSigner } from "./checkpoint.ts";
import { type Continuation, findContinuation, MAIN_CHAIN, SIDE_CHAIN } from "./continuation.ts";
import { Delivery } from "./delivery.ts";
import { draftEvent } from "./draft.ts";
import { type AuditHealth, Recorder } from "./recorder.ts";
import { Sealer } from "./sealer.ts";
import { sinkKind } from "./sinks/registry.ts";
import { type AuditSink, sinkProblem, type SinkSpec } from "./sinks/sink.ts";

/** How the audit is recorded. */
export interface RecorderOptions {
  /** In the order of the configuration, paths made absolute. */
  readonly sinks: readonly SinkSpec[];
  readonly ports: Pick<Adapters, "clock" | "ids" | "digest" | "storage" | "openDatabase">;
  /** `full` (the default) survives power loss, `normal` the end of the process. */
  readonly durability?: "full" | "normal";
  /** Redacts an event before it is hashed and stored; by default events are stored as they come. */
  readonly scrub?: (event: AuditEvent) => AuditEvent;
  /** A checkpoint after so many events; 1,000 by default. */
  readonly checkpointEvery?: number;
  /** Ed25519 private key (PKCS#8 PEM) that signs checkpoints. */
  readonly signingKey?: string;
  /** Lets actions run without a record when a sink fails; false by default. */
  readonly failOpen?: boolean;
  /** Told when records are no longer taken, and when they are again. */
  readonly onHealthChange?: (health: AuditHealth) => void;
  /** Pause between attempts while something is owed, in milliseconds; 1,000 by default, 0 for no attempts of its own. */
  readonly retryMs?: number;
  /** Events of one commit, about; 512 by default. */
  readonly maxBatch?: number;
}

/**
 * Opens the sinks, goes on with the chain where an earlier process left it, and records.
 *
 * The chain goes on when this process gets the lock beside every durable sink and all of them end alike; else a new
 * chain begins, so that two processes never write the same one.
 *
 * @returns the recorder, or why sinks cannot be opened
 */
export async function openRecorder(
  options: RecorderOptions,
): Promise<Result<Recorder, readonly Problem[]>> {
  const signer = await openSigner(options);
  if (!signer.ok) return fail([signer.reason]);
  const locks = await takeLocks(options);
  if (!locks.ok) return locks;
  const release = async () => {
    for (const lock of locks.value.values()) await lock?.release();
  };
  const sinks = await openSinks(options, locks.value);
  if (!sinks.ok) {
    await release();
    return sinks;
  }
  const exclusive = [...locks.value.values()].every((lock) => lock !== undefined);
  const opened = await assemble(options, {
    ...sinks.value,
    exclusive,
    signer: signer.value,
    release,
  });
  if (!opened.ok) {
    await Promise.allSettled(sinks.value.all.map((sink) => sink.close()));
    await release();
  }
  return opened;
}

async function openSigner(
  { signingKey, ports }: RecorderOptions,
): Promise<Result<CheckpointSigner | undefined, Problem>> {
  if (signingKey === undefined) return ok(undefined);
  const signer = await readSigner(signingKey, ports.digest);
  if (signer.ok) return signer;
  const message = `Cannot use the audit signing key: ${signer.reason}`;
  return fail({ pointer: "/audit/signing_key_path", message });
}

type Locks = ReadonlyMap<SinkSpec, FileLock | undefined>;

/** Locks a side file of each durable sink; `undefined` stands for a lock that somebody else holds. */
async function takeLocks(
  { sinks, ports }: RecorderOptions,
): Promise<Result<Locks, readonly Problem[]>> {
  const locks = new Map<SinkSpec, FileLock | undefined>();
  const problems: Problem[] = [];
  for (const spec of sinks) {
    if (!sinkKind(spec.kind)?.durable) continue;
    try {
      locks.set(spec, await ports.storage.tryLock(`${spec.target}.lock`));
    } catch (cause) {
      problems.push(sinkProblem(spec, `the lock file "${spec.target}.lock" cannot be used`, cause));
    }
  }
  if (problems.length === 0) return ok(locks);
  for (const lock of locks.values()) await lock?.release();
  return fail(problems);
}

interface OpenSinks {
  readonly all: readonly AuditSink[];
  readonly durable: readonly AuditSink[];
}

async function openSinks(
  { sinks, ports, durability = "full" }: RecorderOptions,
  locks: Locks,
): Promise<Result<OpenSinks, readonly Problem[]>> {
  const durable: AuditSink[] = [];
  const streams: AuditSink[] = [];
  const problems: Problem[] = [];
  for (const spec of sinks) {
    const kind = sinkKind(spec.kind);
    const exclusive = locks.get(spec) !== undefined;
    const sink = await kind?.open?.(spec, { ports, durability, exclusive });
    if (sink === undefined) problems.push(sinkProblem(spec, "not available in this version"));
    else if (!sink.ok) problems.push(sink.reason);
    else (kind?.durable ? durable : streams).push(sink.value);
  }
  // INVARIANT: durable sinks come first, so that what a stream showed is in them.
  const all = [...durable, ...streams];
  if (problems.length === 0 && all.length > 0) return ok({ all, durable });
  await Promise.allSettled(all.map((sink) => sink.close()));
  return fail(problems);
}

interface Assembly extends OpenSinks {
  readonly exclusive: boolean;
  readonly signer: CheckpointSigner | undefined;
  readonly release: () => Promise<void>;
}

async function assemble(
  options: RecorderOptions,
  { all, durable, exclusive, signer, release }: Assembly,
): Promise<Result<Recorder, readonly Problem[]>> {
  const { clock, digest, ids } = options.ports;
  const newChainId = () => `${exclusive ? MAIN_CHAIN : SIDE_CHAIN}${ids.hex(8)}`;
  let goesOn: Continuation | undefined;
  try {
    goesOn = exclusive ? await findContinuation(durable, digest) : undefined;
    for (const [sink, records] of goesOn?.missing ?? []) await sink.append(records);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail([{ pointer: "/audit/sink", message: `Cannot go on with the audit chain: ${why}` }]);
  }
  const checkpointEvery = options.checkpointEvery ?? 1000;
  const sealer = new Sealer({
    head: goesOn?.head ?? newChain(newChainId()),
    digest,
    checkpointEvery,
    signer,
    draft: (event) => draftEvent(event, new Date(clock.now()).toISOString()),
    // A process that ended without a checkpoint left events uncovered: the first batch makes up for it.
    uncovered: goesOn === undefined || goesOn.atCheckpoint ? 0 : checkpointEvery,
  });
  return ok(
    new Recorder({
      delivery: new Delivery(all),
      sealer,
      clock,
      reader: all.find((sink) => sink.reader)?.reader,
      scrub: options.scrub ?? ((event) => event),
      newChainId,
      failOpen: options.failOpen ?? false,
      maxBatch: options.maxBatch ?? 512,
      retryMs: options.retryMs ?? 1000,
      release,
      onHealthChange: options.onHealthChange ?? (() => {}),
    }),
  );
}
