import { compareUtf8 } from "../encoding/mod.ts";
import type { BundleProvenance, Decision, ReasonCode, Terms } from "../model/mod.ts";
import { mergeTerms } from "../obligations/mod.ts";
import type { Rule } from "./rule.ts";

/** The rules that match one target, by what they say; each list sorted by id. */
export interface Matched {
  readonly deny: readonly Rule[];
  readonly approval: readonly Rule[];
  readonly allow: readonly Rule[];
}

/** What the rules say of one target, before it becomes a decision. */
export interface Finding {
  readonly reason:
    | "deny_by_rule"
    | "deny_by_exec_model_conflict"
    | "require_approval_by_rule"
    | "allow_by_rule"
    | "deny_by_default";
  /** The rules that decide. */
  readonly rules: readonly Rule[];
}

/** Sorts matching rules by what they say. */
export function classify(rules: readonly Rule[]): Matched {
  return {
    deny: rules.filter((rule) => rule.decision === "DENY"),
    approval: rules.filter((rule) => rule.decision === "REQUIRE_APPROVAL"),
    allow: rules.filter((rule) => rule.decision === "ALLOW"),
  };
}

/**
 * What matching rules decide together: deny wins, and their order never matters.
 */
export function findingOf({ deny, approval, allow }: Matched): Finding {
  if (deny.length > 0) return { reason: "deny_by_rule", rules: deny };
  const granting = approval.length === 0 ? allow : [...approval, ...allow];
  if (execModelsConflict(granting)) {
    return { reason: "deny_by_exec_model_conflict", rules: sortById(granting) };
  }
  if (approval.length > 0) return { reason: "require_approval_by_rule", rules: approval };
  return allow.length > 0 ? { reason: "allow_by_rule", rules: allow } : NOTHING;
}

/** What is found where no rule speaks. */
export const NOTHING: Finding = { reason: "deny_by_default", rules: [] };

/** Whether rules limit commands in two ways at once: by `exec_match` and by the legacy `exec_allowlist`. */
export function execModelsConflict(rules: readonly Rule[]): boolean {
  // A rule with argv patterns matches process.exec only, so that finding one tells the type.
  return rules.some((rule) => rule.argvPatterns !== undefined) &&
    rules.some((rule) => rule.terms.exec_allowlist !== undefined);
}

/** Sorts rules by id; each stands once. */
export function sortById(rules: readonly Rule[]): readonly Rule[] {
  return [...new Set(rules)].sort((a, b) => compareUtf8(a.id, b.id));
}

/** From the mildest to the strictest; of several denials the one that tells most comes last. */
const STRICTNESS: readonly ReasonCode[] = [
  "allow_by_rule",
  "require_approval_by_rule",
  "deny_by_default",
  "deny_by_exec_model_conflict",
  "deny_by_rule",
];

/**
 * Joins what rules say of several targets of one action: the strictest holds, on the terms of all.
 */
export function joinFindings(
  findings: readonly Finding[],
): { finding: Finding; granting: readonly Rule[] } {
  let reason: Finding["reason"] = "allow_by_rule";
  for (const finding of findings) {
    if (STRICTNESS.indexOf(finding.reason) > STRICTNESS.indexOf(reason)) reason = finding.reason;
  }
  const deciding = findings.filter((finding) => finding.reason === reason);
  return {
    finding: { reason, rules: sortById(deciding.flatMap(({ rules }) => rules)) },
    granting: sortById(findings.flatMap(({ rules }) => rules)),
  };
}

/** Makes a decision of what was found. */
export function decisionOf(
  finding: Finding,
  provenance: BundleProvenance,
  granting: readonly Rule[] = finding.rules,
): Decision {
  const { reason } = finding;
  const messages = [...new Set(finding.rules.flatMap(({ message }) => message ?? []))];
  const decided = {
    rules: Object.freeze(finding.rules.map(({ id }) => id)),
    provenance,
    ...(messages.length === 0 ? {} : { message: messages.join("\n") }),
  };
  switch (reason) {
    case "allow_by_rule":
      return Object.freeze({ verdict: "ALLOW", reason, ...decided, terms: termsOf(granting) });
    case "require_approval_by_rule":
      return Object.freeze({
        verdict: "REQUIRE_APPROVAL",
        reason,
        ...decided,
        terms: termsOf(granting),
      });
    case "deny_by_rule":
    case "deny_by_default":
    case "deny_by_exec_model_conflict":
      return Object.freeze({ verdict: "DENY", reason, ...decided });
  }
}

/** The merged terms of rules. */
export function termsOf(rules: readonly Rule[]): Terms {
  return mergeTerms(rules.map(({ terms }) => terms));
}
