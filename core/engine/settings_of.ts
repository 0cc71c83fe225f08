import type { ExecutorSettings, UpstreamRoute } from "../actions/mod.ts";
import {
  assess,
  type Config,
  type LoadedConfig,
  probeEvidence,
  protectedPaths,
} from "../config/mod.ts";
import { normalizeHost } from "../encoding/mod.ts";
import type { LeasableSecret } from "../leases/mod.ts";
import type { RateLimitRule, RateLimitScope, RateLimitSettings } from "../limits/mod.ts";
import type { AssuranceLevel, RuntimeOffer } from "../model/mod.ts";
import type { Adapters, SandboxProbe } from "../ports/mod.ts";

/**
 * What the config lets executors do.
 *
 * @param probe whether the offered profile works on this machine
 */
export function executorSettings(config: Config, probe: ProfileProbe): ExecutorSettings {
  const { executor, gateway } = config;
  return {
    maxOutputBytes: executor.max_output_bytes,
    maxOutputLines: executor.max_output_lines,
    maxWriteBytes: executor.max_write_bytes ?? gateway.max_params_bytes,
    execTimeoutMs: executor.exec_timeout_ms,
    httpTimeoutMs: executor.http_timeout_ms,
    envAllowlist: executor.env_allowlist,
    allowPrivateNetworks: executor.allow_private_networks,
    upstreamRoutes: config.upstream.routes.map(routeOf),
    offer: offerOf(config, probe),
  };
}

/** What this installation can offer to obligations. */
export function offerOf(config: Config, probe: ProfileProbe): RuntimeOffer {
  const { executor, policy } = config;
  return {
    sandboxProfile: executor.sandbox_profile,
    sandbox: probe.available
      ? { available: true, ...(probe.processLevel ? { processLevel: true } : {}) }
      : { available: false, hint: probe.hint },
    execNetwork: executor.sandbox_network === "host",
    execCompatibility: policy.exec_compatibility_mode,
  };
}

/** The quotas of a config. */
export function rateLimitSettings(config: Config): RateLimitSettings {
  const { rate_limits: limits } = config;
  return {
    enabled: limits.enabled,
    evictAfterSeconds: limits.evict_after_seconds,
    maxBuckets: limits.max_buckets,
    rules: [
      ...rulesOf(limits.principal_action, "principal_action"),
      ...rulesOf(limits.principal_resource, "principal_resource"),
      ...rulesOf(limits.global_tool, "global_tool"),
    ],
  };
}

function rulesOf(
  rules: Config["rate_limits"]["principal_action"],
  scope: RateLimitScope,
): readonly RateLimitRule[] {
  return rules.map((rule) => ({
    id: rule.id,
    scope,
    burst: rule.burst,
    refillPerMinute: rule.refill_per_minute,
    ...(rule.principal ? { principal: rule.principal } : {}),
    ...(rule.action_type ? { actionType: rule.action_type } : {}),
    ...(rule.resource ? { resource: rule.resource } : {}),
  }));
}

/**
 * The config was validated: every route is an absolute HTTP URL.
 *
 * INVARIANT: a route is never left out, since no routes at all would mean that every host has one; one whose host
 * nobody could name covers nothing.
 */
function routeOf(route: Config["upstream"]["routes"][number]): UpstreamRoute {
  const url = new URL(route.url);
  const host = normalizeHost(url.host);
  return {
    scheme: url.protocol === "http:" ? "http" : "https",
    host: host.ok ? host.value : "",
    methods: route.methods.map((method) => method.toUpperCase()),
    pathPrefix: route.path_prefix ?? url.pathname,
  };
}

/**
 * Files that Nomos itself uses, by the names agents would give them; what lies outside of the workspace has none.
 *
 * @param root absolute path of the workspace
 */
export function protectedResources(loaded: LoadedConfig, root: string): ReadonlySet<string> {
  return new Set(protectedPaths(loaded).flatMap((path) => resourceWithin(root, path)));
}

/** What agents would call a file that Nomos itself uses; none when it lies outside of the workspace. */
function resourceWithin(root: string, path: string): readonly string[] {
  const folder = root.endsWith("/") ? root : `${root}/`;
  if (!path.startsWith(folder)) return [];
  return [`file://workspace/${path.slice(folder.length).normalize("NFC")}`];
}

/** Whether the confinement the config offers works, or the operator takes less for it. */
export type ProfileProbe = SandboxProbe & { readonly processLevel?: true };

/**
 * Whether the confinement the config offers works on this machine. `container` takes the operator's word for every
 * piece of evidence, and a probe that does not contradict it.
 */
export async function probeProfile(
  config: Config,
  adapters: Pick<Adapters, "probeSandbox">,
): Promise<ProfileProbe> {
  const profile = config.executor.sandbox_profile;
  if (profile === "none") return { available: true, detail: "no confinement" };
  if (profile === "container") {
    const missing = CONTAINER_EVIDENCE.filter((name) => !config.runtime.evidence[name]);
    if (missing.length > 0) {
      return {
        available: false,
        hint: `set runtime.evidence.${missing.join(", runtime.evidence.")} once they hold`,
      };
    }
  }
  const { path, workspace_root: workspaceRoot } = config.executor;
  const probe = await adapters.probeSandbox(profile, { path, workspaceRoot });
  const fallback = profile === "local" && config.executor.sandbox_local_fallback === "process";
  if (probe.available || !fallback) return probe;
  return { available: true, detail: "process-level confinement only", processLevel: true };
}

/** What the installation may claim: evidence that a probe contradicts counts as missing. */
export async function assuranceOf(
  config: Config,
  adapters: Pick<Adapters, "files">,
  probe: ProfileProbe,
): Promise<AssuranceLevel> {
  const localFallback = probe.processLevel === true;
  return assess(config, { probes: await probeEvidence(adapters.files), localFallback }).level;
}

/** What the operator must vouch for before `container` counts. */
const CONTAINER_EVIDENCE = [
  "container_backend_ready",
  "rootless_or_non_privileged",
  "read_only_fs",
  "no_new_privileges",
  "network_default_deny",
] as const;

/** The secrets that may be leased, by lower-case id: a normalized resource has no other case. */
export function leasableSecrets(config: Config): readonly LeasableSecret[] {
  const { credentials } = config;
  if (!credentials.enabled) return [];
  return credentials.secrets.map((secret) => ({
    id: secret.id.toLowerCase(),
    envKey: secret.env_key,
    value: secret.value ?? "",
    ttlSeconds: secret.ttl_seconds ?? DEFAULT_LEASE_SECONDS,
  }));
}

/** Every secret of the config: none of them may come back in any output. */
export function secretsOf(config: Config): readonly string[] {
  const { identity, approvals } = config;
  const own = [
    ...Object.keys(identity.api_keys),
    ...Object.values(identity.service_secrets),
    ...Object.values(identity.agent_secrets),
    ...(approvals.webhook_token === undefined ? [] : [approvals.webhook_token]),
  ];
  return [
    ...leasableSecrets(config).map((secret) => secret.value),
    ...own.filter((secret) => secret.length >= MIN_OWN_SECRET),
  ];
}

/** Nomos's own keys of test installations may be words; shorter ones would tear holes into every output. */
const MIN_OWN_SECRET = 12;

const DEFAULT_LEASE_SECONDS = 900;
