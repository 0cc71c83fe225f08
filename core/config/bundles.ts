import type { BundleRole } from "../model/mod.ts";
import type { Config, UpstreamServer } from "./schema.ts";

/** One policy bundle that a config names. */
export interface BundleFile {
  /** Absolute path. */
  readonly path: string;
  readonly role?: BundleRole;
  /** Absolute path of the detached signature; set when signatures are verified. */
  readonly signaturePath?: string;
}

/** Lists the policy bundles of a config in merge order, each with its role and signature. */
export function bundleFiles({ policy }: Config): readonly BundleFile[] {
  const paths = policy.policy_bundle_path === undefined
    ? policy.policy_bundle_paths
    : [policy.policy_bundle_path];
  const signatures = policy.signature_path === undefined
    ? policy.signature_paths
    : [policy.signature_path];
  return paths.map((path, i) => {
    const role = policy.policy_bundle_roles[i];
    const signaturePath = policy.verify_signatures ? signatures[i] : undefined;
    return { path, ...(role && { role }), ...(signaturePath && { signaturePath }) };
  });
}

/** Time limits of one upstream server: its own, and those of `mcp.timeouts` where it has none. */
export function upstreamTimeouts(
  config: Config,
  server: UpstreamServer,
): Config["mcp"]["timeouts"] {
  return { ...config.mcp.timeouts, ...set(server.timeouts) };
}

/** Breaker of one upstream server: its own keys, and those of `mcp.breaker` where it has none. */
export function upstreamBreaker(config: Config, server: UpstreamServer): Config["mcp"]["breaker"] {
  return { ...config.mcp.breaker, ...set(server.breaker) };
}

/** Only the members that have a value. */
function set<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> }; // fromEntries forgets the names
}
