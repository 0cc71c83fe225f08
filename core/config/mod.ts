export { type Address, isLoopback, splitAddress } from "./address.ts";
export { type BundleFile, bundleFiles, upstreamBreaker, upstreamTimeouts } from "./bundles.ts";
export type { ConfigOverrides } from "./layers.ts";
export { type ConfigRequest, loadConfig, type LoadedConfig } from "./load_config.ts";
export type { Config, RateLimitRule, UpstreamServer } from "./schema.ts";
export { SINK_KINDS, type SinkEntry, type SinkKind, splitSinks } from "./sinks.ts";
export type { Sources, ValueSource } from "./sources.ts";
export { type UnbuiltFeature, unbuiltFeatures } from "./unbuilt.ts";
