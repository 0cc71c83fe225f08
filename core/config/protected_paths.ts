import { approvalsPath } from "./approval_store.ts";
import { bundleFiles } from "./bundles.ts";
import type { LoadedConfig } from "./load_config.ts";
import { splitSinks } from "./sinks.ts";

/** What SQLite keeps beside a database, and where its lock is. */
const DATABASE_SIBLINGS = ["", "-wal", "-shm", "-journal", ".lock"];

/**
 * Lists every file that Nomos itself reads or writes: no executor may touch them, whatever policy says.
 *
 * @param more files that the command line names, such as a recording
 * @returns absolute paths, sorted, whether the files exist or not
 */
export function protectedPaths(loaded: LoadedConfig, more: readonly string[] = []): string[] {
  const { config, path, secretFiles } = loaded;
  const { audit, gateway, identity, mcp, policy } = config;
  const plain = [
    path,
    ...secretFiles,
    ...bundleFiles(config).map((bundle) => bundle.path),
    policy.signature_path,
    ...policy.signature_paths,
    policy.public_key_path,
    policy.opa.policy_path,
    gateway.tls.cert_file,
    gateway.tls.key_file,
    gateway.tls.client_ca_file,
    identity.oidc.public_key_path,
    audit.signing_key_path,
    mcp.tool_pins.file,
    ...mcp.upstream_servers.flatMap((server) => [
      server.tls_ca_file,
      server.tls_cert_file,
      server.tls_key_file,
    ]),
    ...more,
  ];
  const sinks = splitSinks(audit.sink);
  const logs = sinks.filter(({ kind }) => kind === "file").map(({ target }) => target);
  const databases = [
    approvalsPath(config),
    audit.spool_path,
    ...sinks.filter(({ kind }) => kind === "sqlite").map(({ target }) => target),
  ];
  const all = [
    ...plain.filter((file) => file !== undefined),
    ...logs.flatMap((log) => [log, `${log}.lock`]),
    ...databases.filter((file) => file !== undefined)
      .flatMap((file) => DATABASE_SIBLINGS.map((sibling) => file + sibling)),
  ];
  return [...new Set(all)].sort();
}
