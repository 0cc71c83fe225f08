import type { LoadedConfig } from "../core/config/mod.ts";
import { formatProblem } from "../core/encoding/problem.ts";
import { type CommandContext, CommandFailure, option, type OptionSpec } from "./command.ts";

/** The options of every command that looks at a config. */
export const CONFIG_OPTIONS: {
  readonly config: OptionSpec<string>;
  readonly bundle: OptionSpec<string | undefined>;
} = {
  config: option.requiredText("-c, --config <path>", "configuration file", { env: "NOMOS_CONFIG" }),
  bundle: option.text(
    "-p, --policy-bundle <path>",
    "bundle to use instead of the configured ones",
    { env: "NOMOS_POLICY_BUNDLE" },
  ),
};

/** Loads the config that the options name, or fails with every problem, one a line. */
export async function readConfig(
  { adapters }: CommandContext,
  options: { readonly config: string; readonly bundle: string | undefined },
): Promise<LoadedConfig> {
  const { loadConfig } = await import("../core/config/mod.ts");
  const loaded = await loadConfig({
    files: adapters.files,
    environment: adapters.environment,
    path: options.config,
    overrides: options.bundle === undefined ? {} : { policyBundle: options.bundle },
  });
  if (loaded.ok) return loaded.value;
  throw new CommandFailure(2, loaded.reason.map(formatProblem).join("\n"));
}
