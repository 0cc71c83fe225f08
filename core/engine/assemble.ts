import { Approvals } from "../approvals/mod.ts";
import { openRecorder, parseSinkList, type Recorder } from "../audit/mod.ts";
import {
  approvalsPath,
  bundleFiles,
  type Config,
  type LoadedConfig,
  protectedPaths,
  type UnbuiltFeature,
  unbuiltFeatures,
} from "../config/mod.ts";
import { fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import { createAuthenticator, type IdentitySettings } from "../identity/mod.ts";
import {
  createRateLimits,
  GatewayGuards,
  type GatewayGuardSettings,
  TraceCounter,
} from "../limits/mod.ts";
import { createLeases } from "../leases/mod.ts";
import type { AuditEvent } from "../model/mod.ts";
import type { Adapters, Observer, Workspace } from "../ports/mod.ts";
import { createRedactor } from "../redact/mod.ts";
import { Engine } from "./engine.ts";
import type { EngineParts } from "./parts.ts";
import { faultLine } from "./fault.ts";
import { loadPolicy } from "./load_policy.ts";
import { NO_TRACE } from "./record.ts";
import {
  assuranceOf,
  executorSettings,
  leasableSecrets,
  probeProfile,
  protectedResources,
  rateLimitSettings,
  secretsOf,
} from "./settings_of.ts";
import type { Snapshot } from "./snapshot.ts";

/** What an assembly needs besides config and adapters. */
export interface AssembleOptions {
  readonly engineVersion: string;
  /** Takes lines for the operator's log. */
  readonly log: (line: string) => void;
  readonly observers?: readonly Observer[];
}

/** One engine and what must be closed with it. */
export interface Assembly {
  readonly engine: Engine;
  readonly recorder: Recorder;
  /** Ends what runs, records the shutdown, and closes the audit last. */
  close(): Promise<void>;
}

/**
 * Builds exactly one engine from one config, for whichever door is attached to it: a configured signature check,
 * redaction pattern or rate limit can then not be missing on one of them.
 *
 * @returns every problem that keeps it from starting; nothing stays open then
 */
export async function assemble(
  loaded: LoadedConfig,
  adapters: Adapters,
  options: AssembleOptions,
): Promise<Result<Assembly, readonly Problem[]>> {
  const opened: Opened = [];
  const undo = () => Promise.allSettled(opened.toReversed().map((close) => close()));
  try {
    const assembly = await assembleAll(loaded, adapters, { ...options, opened });
    if (!assembly.ok) await undo();
    return assembly;
  } catch (fault) {
    await undo();
    throw fault;
  }
}

/** What was opened so far, by how it is closed again. */
type Opened = (() => Promise<unknown>)[];

type Assembling = AssembleOptions & { readonly opened: Opened };

async function assembleAll(
  loaded: LoadedConfig,
  adapters: Adapters,
  options: Assembling,
): Promise<Result<Assembly, readonly Problem[]>> {
  const { config } = loaded;
  const refused = unbuiltFeatures(config).map(notBuilt);
  if (refused.length > 0) return fail(refused);
  const built = await buildSnapshot(loaded, adapters, options);
  if (!built.ok) return built;
  const { snapshot, workspace } = built.value;
  const stores = await openStores(config, adapters, options);
  if (!stores.ok) return stores;
  const { recorder, approvals } = stores.value;
  const engine: Engine = new Engine({
    ...partsOf(config, adapters),
    recorder,
    approvals,
    observers: options.observers ?? [],
    onFault: (fault) => options.log(faultLine(fault, engine.snapshot.redactor)),
    ports: await actionPorts(loaded, adapters, workspace),
  }, snapshot);
  await recorder.recordAfter([runtimeEvent("runtime.started", snapshot, adapters)]);
  return ok({
    engine,
    recorder,
    close: async () => {
      engine.stop();
      await engine.idle(config.gateway.shutdown_timeout_ms);
      await approvals?.close();
      await workspace.close();
      await recorder.recordAfter([runtimeEvent("runtime.shutdown", engine.snapshot, adapters)]);
      await recorder.close();
    },
  });
}

/** The parts of an engine that live in memory. */
function partsOf(
  config: Config,
  { clock, ids, digest }: Adapters,
): Omit<EngineParts, "recorder" | "approvals" | "observers" | "onFault" | "ports"> {
  return {
    clock,
    ids,
    digest,
    authenticator: createAuthenticator(identitySettings(config), { digest, clock }),
    guards: new GatewayGuards(guardSettings(config), clock),
    quotas: config.rate_limits.enabled
      ? createRateLimits(rateLimitSettings(config), { clock, digest })
      : undefined,
    traces: new TraceCounter(clock),
    webhookToken: config.approvals.webhook_token,
  };
}

async function actionPorts(
  loaded: LoadedConfig,
  adapters: Adapters,
  workspace: Workspace,
): Promise<EngineParts["ports"]> {
  const { config } = loaded;
  const { clock, ids, digest, http, resolver } = adapters;
  return {
    clock,
    ids,
    digest,
    workspace,
    http,
    resolver,
    leases: createLeases(leasableSecrets(config), { clock, ids }),
    processes: await adapters.openProcesses({
      workspaceRoot: config.executor.workspace_root,
      path: config.executor.path,
      protectedPaths: protectedPaths(loaded),
      localFallback: config.executor.sandbox_local_fallback,
    }),
  };
}

interface Stores {
  readonly recorder: Recorder;
  readonly approvals: Approvals | undefined;
}

async function openStores(
  config: Config,
  adapters: Adapters,
  options: Assembling,
): Promise<Result<Stores, readonly Problem[]>> {
  const recorder = await openAudit(config, adapters, options);
  if (!recorder.ok) return recorder;
  options.opened.push(() => recorder.value.close());
  const approvals = await openApprovals(config, adapters, options.opened);
  return approvals.ok ? ok({ recorder: recorder.value, approvals: approvals.value }) : approvals;
}

/** A snapshot and the workspace it was judged against. */
export interface BuiltSnapshot {
  readonly snapshot: Snapshot;
  readonly workspace: Workspace;
}

/** Loads everything a request is judged by. Nothing is swapped or opened for writing. */
async function buildSnapshot(
  loaded: LoadedConfig,
  adapters: Adapters,
  options: Assembling,
): Promise<Result<BuiltSnapshot, readonly Problem[]>> {
  const { config } = loaded;
  const policy = await loadPolicy(bundleFiles(config), {
    files: adapters.files,
    digest: adapters.digest,
    index: true,
    environment: config.identity.environment,
    deploymentMode: config.runtime.deployment_mode,
    execCompatibility: config.policy.exec_compatibility_mode,
    ...(config.policy.public_key_path ? { publicKeyPath: config.policy.public_key_path } : {}),
  });
  const redactor = createRedactor({ operatorPatterns: config.redaction.patterns });
  const workspace = await openWorkspace(loaded, adapters);
  if (workspace.ok) options.opened.push(() => workspace.value.close());
  const problems = [policy, redactor, workspace].flatMap((result) =>
    result.ok ? [] : result.reason
  );
  if (!policy.ok || !redactor.ok || !workspace.ok) return fail(problems);
  const probe = await probeProfile(config, adapters);
  return ok({
    workspace: workspace.value,
    snapshot: {
      policy: policy.value,
      redactor: redactor.value.with({ secrets: secretsOf(config) }),
      settings: executorSettings(config, probe),
      limits: { maxParamsBytes: config.gateway.max_params_bytes, maxContextBytes: 8_192 },
      caseInsensitive: workspace.value.caseInsensitive,
      protectedResources: protectedResources(loaded, workspace.value.root),
      assurance: await assuranceOf(config, adapters, probe),
      engineVersion: options.engineVersion,
      suggestions: config.policy.explain_suggestions,
    },
  });
}

async function openWorkspace(
  loaded: LoadedConfig,
  adapters: Adapters,
): Promise<Result<Workspace, readonly Problem[]>> {
  const root = loaded.config.executor.workspace_root;
  try {
    return ok(await adapters.openWorkspace(root, { protectedPaths: protectedPaths(loaded) }));
  } catch (error) {
    const state = error instanceof Error ? error.message : "it cannot be opened";
    return fail([{
      pointer: "/executor/workspace_root",
      message: `Cannot open the workspace "${root}": ${state}`,
    }]);
  }
}

async function openApprovals(
  config: Config,
  adapters: Adapters,
  opened: Opened,
): Promise<Result<Approvals | undefined, readonly Problem[]>> {
  const { approvals } = config;
  const path = approvalsPath(config);
  if (!approvals.enabled || path === undefined) return ok(undefined);
  try {
    const db = await adapters.openDatabase(path);
    opened.push(() => db.close());
    const settings = {
      ttlSeconds: approvals.ttl_seconds,
      approverPrincipals: approvals.approver_principals,
      allowSelfApproval: approvals.allow_self_approval,
    };
    return ok(await Approvals.open(db, settings, adapters));
  } catch (error) {
    const state = error instanceof Error ? error.message : "it cannot be opened";
    return fail([{
      pointer: "/approvals/store_path",
      message: `Cannot open the approval store "${path}": ${state}`,
    }]);
  }
}

async function openAudit(
  config: Config,
  adapters: Adapters,
  options: AssembleOptions,
): Promise<Result<Recorder, readonly Problem[]>> {
  const { audit } = config;
  const sinks = parseSinkList(audit.sink);
  if (!sinks.ok) return fail(sinks.reason);
  const signingKey = await readKey(audit.signing_key_path, adapters);
  if (!signingKey.ok) return fail([signingKey.reason]);
  return await openRecorder({
    sinks: sinks.value,
    ports: adapters,
    durability: audit.durability,
    checkpointEvery: audit.checkpoint_every,
    failOpen: audit.fail_open,
    ...(signingKey.value === undefined ? {} : { signingKey: signingKey.value }),
    onHealthChange: (health) => {
      const failing = health.sinks.filter((sink) => !sink.ok).map((sink) =>
        `${sink.name}: ${sink.message}`
      );
      options.log(
        health.ok
          ? "audit: all sinks take records again"
          : `audit: nothing executes, a sink does not take records (${failing.join("; ")})`,
      );
    },
  });
}

async function readKey(
  path: string | undefined,
  adapters: Adapters,
): Promise<Result<string | undefined, Problem>> {
  if (path === undefined) return ok(undefined);
  try {
    return ok(new TextDecoder().decode(await adapters.files.read(path)));
  } catch {
    return fail({
      pointer: "/audit/signing_key_path",
      message: `Cannot read the audit signing key "${path}"`,
    });
  }
}

function identitySettings(config: Config): IdentitySettings {
  const { identity } = config;
  return {
    environment: identity.environment,
    apiKeys: identity.api_keys,
    serviceSecrets: identity.service_secrets,
    agentSecrets: identity.agent_secrets,
    requireRequestNonce: identity.require_request_nonce,
  };
}

function guardSettings(config: Config): GatewayGuardSettings {
  const { gateway } = config;
  return {
    concurrencyLimit: gateway.concurrency_limit,
    rateLimitPerMinute: gateway.rate_limit_per_minute,
    circuitBreakerFailures: gateway.circuit_breaker_failures,
    circuitBreakerCooldownSeconds: gateway.circuit_breaker_cooldown_seconds,
  };
}

function runtimeEvent(
  type: "runtime.started" | "runtime.shutdown",
  snapshot: Snapshot,
  adapters: Adapters,
): AuditEvent {
  return {
    event_type: type,
    trace_id: NO_TRACE,
    policy_bundle_hash: snapshot.policy.provenance.hash,
    engine_version: snapshot.engineVersion,
    assurance_level: snapshot.assurance,
    executor_metadata: { runtime: adapters.runtime },
  };
}

function notBuilt(feature: UnbuiltFeature): Problem {
  return {
    pointer: feature.pointer,
    message: `Cannot start: ${feature.feature} is not available in this version; ${feature.hint}`,
  };
}
