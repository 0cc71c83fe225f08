import { BUILD } from "./build_info.ts";
import { defineCommand, option } from "./command.ts";

/** `nomos version`. */
export const version = defineCommand({
  path: ["version"],
  summary: "Print the version",
  options: {
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos version", why: "the version alone, for scripts" },
    { line: "nomos version --format json", why: "with commit, build date and runtime" },
  ],
  exitCodes: [{ code: 0, when: "always" }],
  run({ terminal, adapters }, options) {
    const text = options.format === "json"
      ? JSON.stringify({ ...BUILD, runtime: adapters.runtime })
      : `nomos ${BUILD.version}`;
    terminal.out(`${text}\n`);
    return Promise.resolve(0);
  },
});
