import { echo } from "../encoding/mod.ts";
import { reasonText } from "../obligations/mod.ts";
import { type Case, grantingRules, type MatchedTarget } from "./case.ts";
import { failureText, type NearMiss } from "./near_misses.ts";
import { nameRule, nameRules } from "./place.ts";

/**
 * Says in a few sentences why an action may not simply run, and what that means: the `remediation_hint`.
 *
 * Nothing of the params is repeated.
 */
export function remediationHint(opened: Case, misses: readonly NearMiss[]): string {
  const { decision } = opened.input;
  switch (decision.reason) {
    case "deny_by_rule":
      return withMessage(opened, deniedByRule(opened));
    case "deny_by_default":
      return deniedByDefault(opened, misses);
    case "require_approval_by_rule":
      return withMessage(opened, needsApproval(opened));
    case "deny_by_exec_model_conflict":
      return conflict(opened);
    case "protected_path":
      return "The target is a file that Nomos itself uses (its config, policy, keys or records). No rule can allow it.";
    case "deny_by_external_policy_error":
      return "The external policy backend gave no usable answer, so that the action is denied. Policy itself may well " +
        "allow it: look at the backend, not at the rules.";
    case "deny_by_external_policy":
      return "The external policy backend denied the action; its reason is in external_reason.";
    default:
      return termsNotMet(opened);
  }
}

function withMessage(opened: Case, text: string): string {
  const { message } = opened.input.decision;
  return message === undefined ? text : `${text} Its owner says: ${message}`;
}

function deniedByRule(opened: Case): string {
  const { matched } = opened;
  const plural = matched.deny.length > 1;
  const who = plural
    ? `Rules ${nameRules(matched.deny)} deny`
    : `Rule ${nameRules(matched.deny)} denies`;
  const granting = grantingRules(matched);
  const wouldBe = matched.approval.length > 0 ? "ask for approval" : "allow it";
  const without = granting.length === 0
    ? "Without it no rule would allow the action either."
    : `Without it ${nameRules(granting)} would ${wouldBe}.`;
  return `${who} ${deniedWhat(opened)}; a deny always wins, whatever else allows the action. ${
    plural ? without.replace("Without it", "Without them") : without
  }`;
}

/** What is denied: the action, or the further target of it that a rule is against. */
function deniedWhat({ targets }: Case): string {
  const [own, ...further] = targets;
  if (own === undefined || own.matched.deny.length > 0) return "this action";
  const hit = further.find(({ matched }) => matched.deny.length > 0);
  return hit === undefined ? "this action" : `${describe(hit)}, which this action touches too`;
}

function describe({ target }: Pick<MatchedTarget, "target">): string {
  return `${target.type} on ${echo(target.resource)}`;
}

function deniedByDefault(opened: Case, misses: readonly NearMiss[]): string {
  const { facts } = opened.input;
  const silent = opened.targets.find(({ mode, matched }) =>
    mode !== "deny_only" && matched.allow.length + matched.approval.length === 0
  );
  const what = silent === undefined ? describe({ target: facts }) : describe(silent);
  const { principal, agent, environment } = facts.identity;
  const [nearest] = misses;
  return `No rule allows ${what} for principal "${echo(principal, 60)}", agent "${
    echo(agent, 60)
  }" in environment ` +
    `"${echo(environment, 60)}", and what no rule allows is denied. ${
      nearest === undefined
        ? "No rule comes near: none fails on a single condition."
        : `The nearest rule is ${nameRule(nearest.rule)}: ${failureText(nearest)}.`
    }`;
}

function needsApproval(opened: Case): string {
  const { decision } = opened.input;
  const { approval } = opened.matched;
  const reason = decision.verdict === "REQUIRE_APPROVAL" ? decision.terms.reason : undefined;
  const why = reason === undefined ? "" : ` Why: ${reasonText(reason)}.`;
  return `${approval.length > 1 ? "Rules" : "Rule"} ${nameRules(approval)} ${
    approval.length > 1 ? "want" : "wants"
  } somebody to agree first.${why} Run the action: the answer names an approval_id; once that is approved, send the ` +
    'same action again with context.extensions.approval = {"approval_id": "…"}.';
}

function conflict({ matched }: Case): string {
  const granting = [...matched.approval, ...matched.allow];
  const byPattern = granting.filter((rule) => rule.argvPatterns !== undefined);
  const byPrefix = granting.filter((rule) => rule.terms.exec_allowlist !== undefined);
  return `The matching rules limit commands in two ways that cannot be combined safely: exec_match in ${
    nameRules(byPattern)
  }, the legacy exec_allowlist in ${
    nameRules(byPrefix)
  }. Until one is rewritten, the command is denied.`;
}

function termsNotMet(opened: Case): string {
  const { decision } = opened.input;
  const granting = grantingRules(opened.matched);
  const message = decision.message ??
    `Cannot perform ${opened.input.facts.type}: ${decision.reason}`;
  if (granting.length === 0) return `${message}.`;
  return `${granting.length > 1 ? "Rules" : "Rule"} ${
    nameRules(granting)
  } would let the action through, but only ` +
    `under terms that are not met. ${message}.`;
}
