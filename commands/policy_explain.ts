import { defineCommand } from "./command.ts";
import { decisionOptions } from "./decision_options.ts";

const common = {
  summary: "Explain what policy says to one action",
  description:
    "Says what is decided about one action file, by which rules, why not otherwise, what came close, and what would have\n" +
    "to change. Nothing is executed and nothing is written.",
  options: decisionOptions,
  exitCodes: [
    { code: 0, when: "explained, whatever the decision" },
    { code: 1, when: "the decision is not the one --expect names" },
    { code: 2, when: "the action, a bundle or the configuration is not valid" },
  ],
} as const;

type Run = ReturnType<typeof defineCommand<typeof common.options>>["run"];

const run: Run = async (context, options) => {
  const { decideOffline, expectDecision } = await import("./offline.ts");
  const { explanationOf } = await import("../core/explain/mod.ts");
  const considered = await decideOffline(context, {
    action: options.action,
    bundles: options.bundle,
    config: options.config,
  });
  context.terminal.out(`${JSON.stringify(explanationOf(considered), undefined, 2)}\n`);
  return expectDecision(considered, options.expect, context);
};

/** `nomos policy explain`. */
export const policyExplain = defineCommand({
  ...common,
  path: ["policy", "explain"],
  examples: [{
    line: "nomos policy explain --action push.json --bundle policy.yaml",
    why: "why is this denied, and what would allow it",
  }],
  run,
});

/** `nomos explain`: the same under a shorter name. */
export const explain = defineCommand({
  ...common,
  path: ["explain"],
  examples: [{
    line: "nomos explain --action push.json --bundle policy.yaml",
    why: "why is this denied, and what would allow it",
  }],
  run,
});
