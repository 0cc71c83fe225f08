import { bundleFiles, loadConfig } from "../core/config/mod.ts";
import { loadPolicy } from "../core/engine/load_policy.ts";
import {
  assuranceOf,
  executorSettings,
  probeProfile,
  protectedResources,
} from "../core/engine/settings_of.ts";
import type { Files } from "../core/ports/mod.ts";
import type { DecisionBasis } from "../core/engine/snapshot.ts";
import { BUILD } from "./build_info.ts";
import type { CommandContext } from "./command.ts";
import { invalidInput } from "./policy_input.ts";

/**
 * The basis a gateway with this configuration would decide by, built without opening a store or a sink.
 *
 * @param bundles used instead of the configured ones, when there are any
 */
export async function configuredBasis(
  context: CommandContext,
  configPath: string,
  bundles: readonly string[],
): Promise<DecisionBasis> {
  const { adapters } = context;
  const loaded = await loadConfig({
    files: adapters.files,
    environment: adapters.environment,
    path: configPath,
  });
  if (!loaded.ok) throw invalidInput(loaded.reason);
  const { config } = loaded.value;
  const sources = bundles.length > 0 ? bundles.map((path) => ({ path })) : bundleFiles(config);
  const policy = await loadPolicy(sources, {
    files: adapters.files,
    digest: adapters.digest,
    index: false,
    environment: config.identity.environment,
    deploymentMode: config.runtime.deployment_mode,
    execCompatibility: config.policy.exec_compatibility_mode,
    ...(config.policy.public_key_path ? { publicKeyPath: config.policy.public_key_path } : {}),
  });
  if (!policy.ok) throw invalidInput(policy.reason);
  const root = await adapters.files.realPath(config.executor.workspace_root).catch(() =>
    config.executor.workspace_root
  );
  const probe = await probeProfile(config, adapters);
  return {
    policy: policy.value,
    settings: executorSettings(config, probe),
    caseInsensitive: await foldsCase(adapters.files, root),
    protectedResources: protectedResources(loaded.value, root),
    assurance: await assuranceOf(config, adapters, probe),
    engineVersion: BUILD.version,
    suggestions: config.policy.explain_suggestions,
  };
}

/** Whether a folder's file system folds case: the folder is then found under its name in another case, too. */
async function foldsCase(files: Files, folder: string): Promise<boolean> {
  const own = await files.stat(folder);
  const other = swapCase(folder);
  if (own === undefined || other === folder) return false;
  try {
    const found = await files.stat(other);
    return found !== undefined && found.identity !== "" && found.identity === own.identity;
  } catch {
    return false; // a folder on the way that may not be looked into has another name there
  }
}

function swapCase(path: string): string {
  return path.replace(
    /[^/\\]+$/,
    (name) => name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase(),
  );
}
