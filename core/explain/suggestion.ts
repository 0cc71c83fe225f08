import { echo } from "../encoding/mod.ts";
import type { ActionFacts } from "../model/mod.ts";
import type { Rule } from "../policy/mod.ts";
import { type Case, grantingRules } from "./case.ts";
import type { NearMiss } from "./near_misses.ts";
import { nameRule, nameRules } from "./place.ts";

/**
 * Names the one smallest change that would let the action through: the `minimal_allowing_change`.
 *
 * It never widens more than this action needs, leaves risky actions to a human, and repeats nothing of the params.
 */
export function suggestChange(opened: Case, misses: readonly NearMiss[]): string {
  const { facts, decision } = opened.input;
  const granting = grantingRules(opened.matched);
  switch (decision.reason) {
    case "deny_by_rule":
      return opened.matched.deny.length === 1
        ? `Narrow rule ${
          nameRules(opened.matched.deny)
        } so that it no longer covers this action, or use a target ` +
          `that it does not cover (it denies ${echo(opened.matched.deny[0]?.resource ?? "")}).`
        : `Narrow rules ${
          nameRules(opened.matched.deny)
        } so that none covers this action, or use a target that they ` +
          "do not cover.";
    case "deny_by_default":
      return allowIt(opened, misses);
    case "require_approval_by_rule":
      return "Have the pending approval decided (nomos approvals approve <approval_id>, or the operator's page), then " +
        "send the same action again with its approval_id. No policy change is needed.";
    case "deny_by_exec_model_conflict":
      return `Rewrite the exec_allowlist of ${
        nameRules(legacyOf(granting))
      } as exec_match.argv_patterns: a prefix ` +
        '["git", "status"] is the pattern ["git", "status", "**"].';
    case "sandbox_required":
      return "Give the installation the sandbox that the rule asks for, as the hint says, and check it with nomos doctor; " +
        `only if the command needs no confinement, lower sandbox_mode in ${nameRules(granting)}.`;
    case "net_not_allowlisted":
      return `Add "${hostEntry(facts)}" to net_allowlist in ${nameRules(granting)}.`;
    case "exec_not_allowlisted":
    case "exec_legacy_mode_disabled":
      return `Replace exec_allowlist in ${
        nameRules(granting)
      } by exec_match.argv_patterns that list this command ` +
        "and nothing more.";
    case "exec_constraint_violation":
      return `Add an argv pattern for exactly this command to exec_match in ${
        nameRules(granting)
      }.`;
    case "protected_path":
      return "Use another path, or move the files of Nomos out of the workspace.";
    case "deny_by_external_policy":
      return "Change the external policy, or ask its owner.";
    case "deny_by_external_policy_error":
      return "Repair the external policy backend (nomos doctor names what is wrong), then try again.";
    default:
      return "No change of policy would let this action through: correct the request itself.";
  }
}

function legacyOf(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.terms.exec_allowlist !== undefined);
}

function hostEntry(facts: ActionFacts): string {
  const http = facts.facets.http;
  const host = echo(facts.resource.split("/")[2] ?? "", 100);
  return http?.scheme === "http" ? `http://${host}` : host;
}

function allowIt(opened: Case, misses: readonly NearMiss[]): string {
  const [nearest] = misses;
  const { facts } = opened.input;
  const amended = nearest === undefined ? undefined : amend(nearest, facts);
  return amended ?? addRule(opened);
}

/** How the nearest rule would have to change, where that change is small and says what it does. */
function amend({ rule, condition }: NearMiss, facts: ActionFacts): string | undefined {
  const { principal, agent, environment } = facts.identity;
  switch (condition) {
    case "principal":
      return `Add "${echo(principal, 60)}" to principals of rule ${nameRule(rule)}.`;
    case "agent":
      return `Add "${echo(agent, 60)}" to agents of rule ${nameRule(rule)}.`;
    case "environment":
      return `Add "${echo(environment, 60)}" to environments of rule ${nameRule(rule)}.`;
    case "exec_match":
      return `Add an argv pattern for exactly this command to exec_match of rule ${
        nameRule(rule)
      }.`;
    case "params_match":
      return `Keep the parameters within params_match of rule ${
        nameRule(rule)
      }, or widen it by what this action needs.`;
    case "expires_at":
      return `Renew expires_at of rule ${nameRule(rule)}, if it should still hold.`;
    case "risk_flags":
      return `Drop from rule ${nameRule(rule)} the risk_flags that this action does not have.`;
    // Widening a resource or a type allows far more than this one action.
    case "resource":
    case "action_type":
      return undefined;
  }
}

/** A rule for exactly this action, ready to be pasted. */
function addRule(opened: Case): string {
  const { facts } = opened.input;
  const silent = opened.targets.find(({ mode, matched }) =>
    mode !== "deny_only" && matched.allow.length + matched.approval.length === 0
  );
  const { type, resource } = silent?.target ?? facts;
  const { principal, agent, environment } = facts.identity;
  const approve = facts.riskLevel !== "low";
  const members = [
    `id: ${approve ? "approve" : "allow"}-${type.replaceAll(/[._]/g, "-")}`,
    `action_type: ${type}`,
    `resource: ${JSON.stringify(echo(resource))}`,
    `decision: ${approve ? "REQUIRE_APPROVAL" : "ALLOW"}`,
    `principals: [${JSON.stringify(echo(principal, 60))}]`,
    `agents: [${JSON.stringify(echo(agent, 60))}]`,
    `environments: [${JSON.stringify(echo(environment, 60))}]`,
  ];
  if (type === "net.http_request") {
    members.push(`obligations: { net_allowlist: [${JSON.stringify(hostEntry(facts))}] }`);
  }
  const more = type === "process.exec"
    ? " Give it an exec_match whose argv_patterns list exactly this command."
    : "";
  return `Add a rule for exactly this: { ${members.join(", ")} }.${more}`;
}
