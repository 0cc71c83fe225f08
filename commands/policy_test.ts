import { meaningOf } from "../core/model/reason.ts";
import { defineCommand, option } from "./command.ts";

/** `nomos policy test`. */
export const policyTest = defineCommand({
  path: ["policy", "test"],
  summary: "Decide one action offline and print the decision",
  description:
    "Decides one action file against bundles and prints the decision as one line of JSON.",
  options: {
    action: option.requiredText(
      "--action <path>",
      "action file: a request with principal, agent and environment",
    ),
    bundle: option.list("--bundle <path>", "policy bundle; several are merged in this order"),
    config: option.text("--config <path>", "configuration whose settings decide too"),
    expect: option.optionalChoice("--expect <decision>", "exit 1 unless this is the decision", [
      "ALLOW",
      "DENY",
      "REQUIRE_APPROVAL",
    ]),
  },
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
