import { CommandFailure, defineCommand, option } from "./command.ts";

/** `nomos policy hash`. */
export const policyHash = defineCommand({
  path: ["policy", "hash"],
  summary: "Print the hash of a bundle",
  description:
    "Prints the hash that decisions and the audit name. It covers the typed content: YAML and JSON with the same content have\n" +
    "the same hash. Several bundles print the hash of their merge.",
  args: [{ name: "bundle", summary: "policy bundles, merged in this order", variadic: true }],
  options: {
    bundle: option.list("--bundle <path>", "the same as a path; several are merged in this order"),
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos policy hash policy.yaml", why: "the hash alone" },
    {
      line: "nomos policy hash base.yaml team.yaml --format json",
      why: "the hash of the merge and of each part",
    },
  ],
  exitCodes: [
    { code: 0, when: "printed" },
    { code: 2, when: "a bundle is not valid, or none is named" },
  ],
  async run(context, options, args) {
    if (options.bundle.length > 0 === args.length > 0) {
      throw new CommandFailure(
        2,
        "VALIDATION_ERROR: no bundle is named, or some by path and some by --bundle",
        "name them one way: the order of bundles is part of the hash of a merge",
      );
    }
    const { offlineBasis } = await import("./offline.ts");
    const { policy } = await offlineBasis(context, { bundles: [...options.bundle, ...args] });
    const { hash, inputs } = policy.provenance;
    const text = options.format === "json"
      ? JSON.stringify({ policy_bundle_hash: hash, policy_bundle_inputs: inputs })
      : hash;
    context.terminal.out(`${text}\n`);
    return 0;
  },
});
