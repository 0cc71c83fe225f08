import { option } from "./command.ts";

/** What every command takes that decides one action offline. */
export const decisionOptions = {
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
} as const;
