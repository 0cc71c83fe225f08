import { defineCommand } from "./command.ts";
import { CONFIG_OPTIONS, readConfig } from "./config_input.ts";

/** `nomos config check`. */
export const configCheck = defineCommand({
  path: ["config", "check"],
  summary: "Check a configuration file and report every problem",
  description:
    "Checks names, types, ranges and what depends on several keys, with the environment laid over the file. All problems are\n" +
    "reported at once, each with file, line and column. Nothing is started; nomos doctor looks at the machine too.",
  options: CONFIG_OPTIONS,
  examples: [
    { line: "nomos config check -c nomos.json", why: "before it is rolled out" },
    {
      line: "NOMOS_RUNTIME_STATELESS_MODE=true nomos config check -c nomos.json",
      why: "as it would be with that variable",
    },
  ],
  exitCodes: [
    { code: 0, when: "the configuration is good" },
    { code: 2, when: "it has problems, or cannot be read" },
  ],
  async run(context, options) {
    const { config, warnings } = await readConfig(context, options);
    const { unbuiltFeatures } = await import("../core/config/mod.ts");
    for (const warning of warnings) context.terminal.err(`warning: ${warning}\n`);
    for (const { pointer, feature, hint } of unbuiltFeatures(config)) {
      context.terminal.err(
        `note: ${pointer}: ${feature} is not in this version, serving it is refused; ${hint}\n`,
      );
    }
    context.terminal.out(`${options.config}: ok\n`);
    return 0;
  },
});
