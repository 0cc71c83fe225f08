import type { ExecutorSettings } from "../actions/mod.ts";

/**
 * Executor settings for decisions without a configuration: the defaults. What an installation can offer is
 * not known, so nothing that depends on it is judged.
 */
export const DEFAULT_EXECUTOR_SETTINGS: ExecutorSettings = {
  maxOutputBytes: 65_536,
  maxOutputLines: 200,
  maxWriteBytes: 32_768,
  execTimeoutMs: 30_000,
  httpTimeoutMs: 5_000,
  envAllowlist: ["PATH", "HOME", "LANG", "LC_ALL", "TERM", "TZ"],
  allowPrivateNetworks: [],
  upstreamRoutes: [],
};
