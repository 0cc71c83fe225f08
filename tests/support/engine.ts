import { openTestRecorder } from "./audit.ts";
import { portableDigest } from "../../core/encoding/mod.ts";
import {
  type Arrival,
  DEFAULT_EXECUTOR_SETTINGS,
  Engine,
  type Snapshot,
} from "../../core/engine/mod.ts";
import type { Authenticator } from "../../core/identity/mod.ts";
import { VerifiedIdentity } from "../../core/identity/verified_identity.ts";
import { createLeases } from "../../core/leases/mod.ts";
import { GatewayGuards, TraceCounter } from "../../core/limits/mod.ts";
import type { CompiledPolicy } from "../../core/policy/mod.ts";
import { Redactor } from "../../core/redact/mod.ts";
import {
  countingIds,
  FakeHttpClient,
  FakeProcesses,
  FakeResolver,
  ManualClock,
  MemoryStorage,
  MemoryWorkspace,
} from "../../core/testing/mod.ts";

/** An engine whose whole world is in memory. */
export interface TestWorld {
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly storage: MemoryStorage;
  readonly workspace: MemoryWorkspace;
  readonly http: FakeHttpClient;
  readonly processes: FakeProcesses;
  readonly resolver: FakeResolver;
  /** Who the next arrivals are; nothing is checked. */
  readonly who: { principal: string; agent: string; environment: string };
}

/** The snapshot of a policy with default settings. */
export function snapshotOf(policy: CompiledPolicy, more: Partial<Snapshot> = {}): Snapshot {
  return {
    policy,
    redactor: new Redactor(),
    settings: DEFAULT_EXECUTOR_SETTINGS,
    limits: { maxParamsBytes: 32_768, maxContextBytes: 8_192 },
    caseInsensitive: false,
    protectedResources: new Set(),
    assurance: "NONE",
    engineVersion: "test",
    suggestions: true,
    ...more,
  };
}

/** Builds an engine over fakes; the audit goes to the memory's stdout. */
export async function testWorld(
  policy: CompiledPolicy,
  more: Partial<Snapshot> = {},
): Promise<TestWorld> {
  const clock = new ManualClock();
  const storage = new MemoryStorage();
  const ids = countingIds();
  const digest = portableDigest;
  const workspace = new MemoryWorkspace();
  const http = new FakeHttpClient();
  const processes = new FakeProcesses();
  const resolver = new FakeResolver();
  const who = { principal: "p", agent: "a", environment: "dev" };
  const authenticator: Authenticator = {
    authenticate: () =>
      Promise.resolve({ ok: true, value: new VerifiedIdentity({ ...who, method: "api_key" }) }),
  };
  const recorder = await openTestRecorder("stdout", {
    clock,
    ids,
    digest,
    storage,
    openDatabase: () => Promise.reject(new Error("no database here")),
  });
  const guards = new GatewayGuards({
    concurrencyLimit: 1_000,
    rateLimitPerMinute: 1_000_000_000,
    circuitBreakerFailures: 1_000_000,
    circuitBreakerCooldownSeconds: 1,
  }, clock);
  const engine = new Engine({
    clock,
    ids,
    digest,
    authenticator,
    guards,
    quotas: undefined,
    traces: new TraceCounter(clock),
    recorder,
    approvals: undefined,
    ports: {
      clock,
      ids,
      digest,
      workspace,
      http,
      processes,
      resolver,
      leases: createLeases([], { clock, ids }),
    },
    observers: [],
  }, snapshotOf(policy, more));
  return { engine, clock, storage, workspace, http, processes, resolver, who };
}

/** A request body as it would arrive. */
export function arrivalOf(body: string | Uint8Array): Arrival {
  return {
    bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
    evidence: {},
    transport: "http",
    signal: new AbortController().signal,
  };
}
