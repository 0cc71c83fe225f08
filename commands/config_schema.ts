import { defineCommand } from "./command.ts";

/** `nomos config schema`. */
export const configSchema = defineCommand({
  path: ["config", "schema"],
  summary: "Print the JSON Schema of the configuration",
  description:
    "Prints the JSON Schema (draft 2020-12) of configuration files, so that editors complete and check them.",
  options: {},
  examples: [
    {
      line: "nomos config schema > nomos.schema.json",
      why: 'then put "$schema": "./nomos.schema.json" into the configuration',
    },
  ],
  exitCodes: [{ code: 0, when: "always" }],
  async run({ terminal }) {
    const { configJsonSchema } = await import("../core/config/mod.ts");
    terminal.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    return 0;
  },
});
