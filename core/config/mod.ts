export { approvalsPath } from "./approval_store.ts";
export { type Address, isLoopback, splitAddress } from "./address.ts";
export {
  assess,
  type Assurance,
  type AssuranceInput,
  type EvidenceName,
  type EvidenceProbe,
  type EvidenceProbes,
  type JudgedEvidence,
} from "./assurance.ts";
export { type BundleFile, bundleFiles, upstreamBreaker, upstreamTimeouts } from "./bundles.ts";
export { type EnvironmentKey, environmentKeys, OTHER_VARIABLES } from "./env_names.ts";
export { probeEvidence } from "./evidence_probes.ts";
export { configJsonSchema } from "./json_schema.ts";
export type { ConfigOverrides } from "./layers.ts";
export { type ConfigRequest, loadConfig, type LoadedConfig } from "./load_config.ts";
export { protectedPaths } from "./protected_paths.ts";
export type { Config, RateLimitRule, UpstreamServer } from "./schema.ts";
export { type EffectiveConfig, effectiveConfig, type ShownValue } from "./show.ts";
export { SINK_KINDS, type SinkEntry, type SinkKind, splitSinks } from "./sinks.ts";
export type { Sources, ValueSource } from "./sources.ts";
export { type UnbuiltFeature, unbuiltFeatures } from "./unbuilt.ts";
