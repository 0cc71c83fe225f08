import { meaningOf } from "../core/model/reason.ts";
import { defineCommand } from "./command.ts";
import { decisionOptions } from "./decision_options.ts";

/** `nomos policy test`. */
export const policyTest = defineCommand({
  path: ["policy", "test"],
  summary: "Decide one action offline and print the decision",
  description:
    "Decides one action file against bundles and prints the decision as one line of JSON.",
  options: decisionOptions,
  examples: [
    {
      line: "nomos policy test --action read.json --bundle policy.yaml",
      why: "one line: decision, reason, rules, bundle hash",
    },
    {
      line:
        "nomos policy test --action push.json --bundle base.yaml --bundle team.yaml --expect DENY",
      why: "a check for a script, over merged bundles",
    },
  ],
  exitCodes: [
    { code: 0, when: "decided, whatever the decision" },
    { code: 1, when: "the decision is not the one --expect names" },
    { code: 2, when: "the action, a bundle or the configuration is not valid" },
  ],
  async run(context, options) {
    const { decideOffline, expectDecision } = await import("./offline.ts");
    const considered = await decideOffline(context, {
      action: options.action,
      bundles: options.bundle,
      config: options.config,
    });
    const { decision } = considered;
    const line = JSON.stringify({
      decision: decision.verdict,
      reason_code: meaningOf(decision.reason).wire,
      matched_rule_ids: decision.rules,
      policy_bundle_hash: decision.provenance.hash,
    });
    context.terminal.out(`${line}\n`);
    return expectDecision(considered, options.expect, context);
  },
});
