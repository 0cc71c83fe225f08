import type { JsonObject } from "../encoding/mod.ts";
import type { Rule } from "../policy/mod.ts";
import type { Case } from "./case.ts";

/** Which way of limiting commands the rules use that would let a command through. */
export type ExecCondition =
  | "none"
  | "argv_pattern_match"
  | "legacy_prefix_allowlist"
  | "mixed_exec_models";

const HINTS: Readonly<Record<ExecCondition, string>> = {
  none: "policy_only",
  argv_pattern_match: "derived_exec_constraints",
  legacy_prefix_allowlist: "legacy_exec_allowlist_fallback",
  mixed_exec_models: "conflict",
};

/** How commands are limited by rules that let them through. */
export function execCondition(rules: readonly Rule[]): ExecCondition {
  const byPattern = rules.some((rule) => rule.argvPatterns !== undefined);
  const byPrefix = rules.some((rule) => rule.terms.exec_allowlist !== undefined);
  if (byPattern && byPrefix) return "mixed_exec_models";
  if (byPattern) return "argv_pattern_match";
  return byPrefix ? "legacy_prefix_allowlist" : "none";
}

/** The `exec_authorization` of an explanation; absent for everything but commands. */
export function execAuthorization({ input, matched }: Case): JsonObject | undefined {
  if (input.facts.type !== "process.exec") return undefined;
  const condition = execCondition([...matched.approval, ...matched.allow]);
  return {
    condition_class: condition,
    runtime_enforcement_hint: HINTS[condition],
    compatibility_mode: input.execCompatibility,
    conflict: condition === "mixed_exec_models",
  };
}
