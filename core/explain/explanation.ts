import type { Considered } from "../engine/mod.ts";
import type { JsonObject, JsonValue } from "../encoding/mod.ts";
import { type BundleInput, type Decision, meaningOf } from "../model/mod.ts";
import { termsToJson } from "../obligations/mod.ts";
import { type Matched, type Rule, sortById, termsOf } from "../policy/mod.ts";
import { type Case, type ExplainInput, grantingRules, openCase } from "./case.ts";
import { execAuthorization } from "./exec_authorization.ts";
import { findNearMisses, type NearMiss, nearMissesJson } from "./near_misses.ts";
import { remediationHint } from "./remediation.ts";
import { suggestChange } from "./suggestion.ts";

/** What no explanation can know beforehand, whatever the action. */
const ALWAYS_CHECKED: readonly string[] = ["quotas", "audit_sinks"];

/**
 * Explains a decision: what was decided, by which rules, why not otherwise, and what would have to change.
 *
 * @returns the document of `POST /explain` and `nomos explain`; its members stand in their published order
 */
export function explainDecision(input: ExplainInput): JsonObject {
  const opened = openCase(input);
  const { decision } = input;
  const { provenance } = decision;
  const several = provenance.sources.length > 1;
  const json: Record<string, JsonValue> = {
    decision: decision.verdict,
    reason_code: wireReason(decision),
    matched_rule_ids: decision.rules,
    policy_bundle_hash: provenance.hash,
  };
  if (several) {
    json.policy_bundle_sources = provenance.sources;
    json.policy_bundle_inputs = provenance.inputs.map(inputJson);
  }
  json.engine_version = input.engineVersion;
  json.assurance_level = input.assurance;
  json.obligations_preview = obligationsPreview(opened);
  const exec = execAuthorization(opened);
  if (exec !== undefined) json.exec_authorization = exec;
  const matched = ruleProvenance(opened.matched);
  if (matched.length > 0) json.matched_rule_provenance = matched;
  if (decision.verdict !== "ALLOW") addWhyDenied(json, opened, several);
  json.runtime_checks = [...input.runtimeChecks, ...ALWAYS_CHECKED];
  return json;
}

/** Explains what the engine decided about an action without performing it. */
export function explanationOf(considered: Considered): JsonObject {
  const { action, decision, basis, nowMs } = considered;
  return explainDecision({
    policy: basis.policy,
    facts: action.facts,
    claims: action.claims,
    decision,
    nowMs,
    caseInsensitive: basis.caseInsensitive,
    execCompatibility: basis.settings.offer?.execCompatibility ?? "legacy_allowlist_fallback",
    assurance: basis.assurance,
    engineVersion: basis.engineVersion,
    runtimeChecks: checksOf(considered),
    suggestions: basis.suggestions,
  });
}

/** What only the world can tell; where no config says what is offered, the sandbox too. */
function checksOf({ action, basis }: Considered): readonly string[] {
  const checks = action.type.runtimeChecks;
  const known = basis.settings.offer !== undefined || action.facts.type !== "process.exec";
  return known || checks.includes("sandbox") ? checks : [...checks, "sandbox"];
}

function addWhyDenied(json: Record<string, JsonValue>, opened: Case, several: boolean): void {
  const misses = findNearMisses(opened);
  json.why_denied = whyDenied(opened, misses, several);
  if (opened.input.suggestions) json.minimal_allowing_change = suggestChange(opened, misses);
  if (misses.length > 0) json.near_misses = nearMissesJson(misses);
}

function wireReason(decision: Decision): string {
  return meaningOf(decision.reason).wire;
}

function inputJson({ path, hash, role }: BundleInput): JsonObject {
  return role === undefined ? { path, hash } : { path, hash, role };
}

/** What applies, or would apply were it not for what denies the action. */
function obligationsPreview({ input, matched }: Case): JsonObject {
  const { decision } = input;
  return termsToJson(
    decision.verdict === "DENY" ? termsOf(grantingRules(matched)) : decision.terms,
  );
}

function ruleProvenance(matched: Matched): readonly JsonObject[] {
  return sortById([...matched.deny, ...matched.approval, ...matched.allow]).map((rule) => ({
    rule_id: rule.id,
    decision: rule.decision,
    bundle_source: rule.bundleSource,
  }));
}

function whyDenied(opened: Case, misses: readonly NearMiss[], several: boolean): JsonObject {
  const { decision } = opened.input;
  return {
    reason_code: wireReason(decision),
    deny_rules: denyRules(decision, opened.matched.deny, several),
    matched_conditions: overallConditions(decision),
    remediation_hint: remediationHint(opened, misses),
  };
}

// A rule that denies has matched, and a rule matches when all its conditions hold.
const ALL_CONDITIONS: JsonObject = Object.freeze({
  action_type: true,
  resource: true,
  principal: true,
  agent: true,
  environment: true,
  risk_flags: true,
  exec_match: true,
  params_match: true,
});

function denyRules(
  decision: Decision,
  rules: readonly Rule[],
  several: boolean,
): readonly JsonObject[] {
  if (decision.reason !== "deny_by_rule") return [];
  return rules.map((rule) => ({
    rule_id: rule.id,
    reason_code: "deny_by_rule",
    matched_conditions: ALL_CONDITIONS,
    ...(several ? { bundle_source: rule.bundleSource } : {}),
  }));
}

function overallConditions(decision: Decision): JsonObject {
  if (decision.reason === "deny_by_rule") return { deny_rule_match: true };
  if (decision.verdict === "REQUIRE_APPROVAL") return { approval_rule_match: true };
  // Also where an allow matched whose terms cannot be met: no allow rule lets the action through.
  return { matching_allow_rule: false };
}
