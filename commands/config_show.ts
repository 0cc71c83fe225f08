import type { ShownValue } from "../core/config/mod.ts";
import { defineCommand, option } from "./command.ts";
import { CONFIG_OPTIONS, readConfig } from "./config_input.ts";

/** `nomos config show`. */
export const configShow = defineCommand({
  path: ["config", "show"],
  summary: "Show the effective configuration and where each value came from",
  description:
    "Shows every key with its value in effect and where it came from: the file, a variable, a flag or the default. Secrets\n" +
    "are masked, and so are their lengths.",
  options: {
    ...CONFIG_OPTIONS,
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos config show -c nomos.json", why: "one line for each key" },
    {
      line: "nomos config show -c nomos.json --format json",
      why: "the configuration, and the sources by JSON pointer",
    },
  ],
  exitCodes: [
    { code: 0, when: "printed" },
    { code: 2, when: "the configuration has problems, or cannot be read" },
  ],
  async run(context, options) {
    const loaded = await readConfig(context, options);
    const { effectiveConfig } = await import("../core/config/mod.ts");
    const { config, values } = effectiveConfig(loaded);
    for (const warning of loaded.warnings) context.terminal.err(`warning: ${warning}\n`);
    if (options.format === "json") {
      const sources = Object.fromEntries(values.map(({ pointer, source }) => [pointer, source]));
      const document = { path: loaded.path, config, sources };
      context.terminal.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      context.terminal.out(linesOf(values));
    }
    return 0;
  },
});

/** One line for each value; columns line up, and an overlong value does not push the others away. */
function linesOf(values: readonly ShownValue[]): string {
  const rows = values.map(({ key, value, source }) =>
    [key, JSON.stringify(value), source] as const
  );
  const keyWidth = Math.max(...rows.map(([key]) => key.length));
  const valueWidth = Math.min(40, Math.max(...rows.map(([, value]) => value.length)));
  return rows
    .map(([key, value, source]) =>
      `${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${source}\n`
    )
    .join("");
}
