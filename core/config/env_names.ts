import { configSchema } from "./schema.ts";
import { type Leaf, leavesOf } from "./walk.ts";

/** One environment variable and the key it sets. */
export interface EnvironmentKey extends Leaf {
  readonly name: string;
}

/** Variables that do not set one key of the file. */
export const OTHER_VARIABLES = {
  /** Path of the config file. */
  config: "NOMOS_CONFIG",
  /** Path of a bundle that replaces all bundles of the config. */
  policyBundle: "NOMOS_POLICY_BUNDLE",
  /** Level of the log. */
  logLevel: "NOMOS_LOG_LEVEL",
  /** Adds an API key for `identity.principal`. */
  apiKey: "NOMOS_IDENTITY_API_KEY",
  /** Sets the secret of `identity.agent`. */
  agentSecret: "NOMOS_IDENTITY_AGENT_SECRET",
  /** Marks the processes that Nomos starts. */
  execId: "NOMOS_EXEC_ID",
} as const;

/** Keys whose variable has a shorter name than their path. */
const SHORTER: Readonly<Record<string, string>> = {
  "/policy/policy_bundle_path": "NOMOS_POLICY_BUNDLE_PATH",
  "/policy/policy_bundle_paths": "NOMOS_POLICY_BUNDLE_PATHS",
  "/policy/policy_bundle_roles": "NOMOS_POLICY_BUNDLE_ROLES",
  "/runtime/evidence/rootless_or_non_privileged": "NOMOS_RUNTIME_EVIDENCE_ROOTLESS",
};

let known: readonly EnvironmentKey[] | undefined;

/**
 * Lists the environment variables that set keys, in the order of the schema they are derived from:
 * `gateway.listen` is set by `NOMOS_GATEWAY_LISTEN`.
 */
export function environmentKeys(): readonly EnvironmentKey[] {
  known ??= leavesOf(configSchema)
    .filter((leaf) => leaf.pointer !== "/$schema")
    .map((leaf) => ({
      ...leaf,
      name: SHORTER[leaf.pointer] ?? `NOMOS_${leaf.path.join("_").toUpperCase()}`,
    }));
  return known;
}
