import { formatPlace } from "./place.ts";
import { echo, type JsonObject } from "../encoding/mod.ts";
import {
  type ConditionName,
  CONDITIONS,
  type Question,
  questionOf,
  type Rule,
} from "../policy/mod.ts";
import type { Case, MatchedTarget } from "./case.ts";

/** A rule that would have let the action through but for one condition. */
export interface NearMiss {
  readonly rule: Rule;
  readonly condition: ConditionName;
  readonly target: MatchedTarget["target"];
}

/** At most this many are told. */
const MAX_NEAR_MISSES = 5;

/** From what people most often get wrong to what usually means another rule altogether. */
const NEARNESS: readonly ConditionName[] = [
  "expires_at",
  "params_match",
  "exec_match",
  "agent",
  "environment",
  "principal",
  "risk_flags",
  "resource",
  "action_type",
];

/**
 * Finds the rules that failed on exactly one condition for a target that no rule speaks of, nearest first.
 */
export function findNearMisses({ input, options, targets }: Case): readonly NearMiss[] {
  if (input.decision.reason !== "deny_by_default") return [];
  const silent = targets.find(({ mode, matched }) =>
    mode !== "deny_only" && matched.allow.length + matched.approval.length === 0
  );
  if (silent === undefined) return [];
  const { target } = silent;
  const question = questionOf(input.facts, options, target);
  const onResource = input.policy.onResource(question);
  const misses = input.policy.rules.flatMap((rule, place) => {
    const condition = onlyFailure(rule, question, onResource.has(place));
    return condition === undefined ? [] : [{ rule, condition, target }];
  });
  return misses.length <= 1 ? misses : nearestFirst(misses).slice(0, MAX_NEAR_MISSES);
}

/** Every condition but the resource, which the index answers for all rules at once. */
const OTHERS = CONDITIONS.filter(({ name }) => name !== "resource");

function onlyFailure(
  rule: Rule,
  question: Question,
  resourceFits: boolean,
): ConditionName | undefined {
  if (rule.decision === "DENY") return undefined;
  let failed: ConditionName | undefined = resourceFits ? undefined : "resource";
  for (const { name, holds } of OTHERS) {
    if (holds(rule, question)) continue;
    if (failed !== undefined) return undefined;
    failed = name;
  }
  return failed;
}

function nearestFirst(misses: readonly NearMiss[]): NearMiss[] {
  const segments = misses[0]?.target.resource.split("/") ?? [];
  const scored = misses.map((miss) => ({
    miss,
    rank: NEARNESS.indexOf(miss.condition),
    shared: miss.condition === "resource" ? sharedSegments(miss.rule, segments) : 0,
  }));
  // Rules come sorted by id and sorting is stable, so that ties are told in the order of ids.
  scored.sort((a, b) => a.rank - b.rank || b.shared - a.shared);
  return scored.map(({ miss }) => miss);
}

/** How many segments the resource and the pattern have in common from the start. */
function sharedSegments(rule: Rule, segments: readonly string[]): number {
  let shared = 0;
  for (const part of rule.glob.segments) {
    if (part.kind === "literal" && part.text !== segments[shared]) break;
    if (part.kind === "globstar") break;
    shared++;
  }
  return shared;
}

/** What a near miss failed on, as a clause about the rule. */
export function failureText({ rule, condition, target }: NearMiss): string {
  switch (condition) {
    case "action_type":
      return `it is about ${rule.actionType}, not ${target.type}`;
    case "resource":
      return `its resource is ${echo(rule.resource)}`;
    case "principal":
      return `its principals are ${few(rule.principals)}`;
    case "agent":
      return `its agents are ${few(rule.agents)}`;
    case "environment":
      return `its environments are ${few(rule.environments)}`;
    case "risk_flags":
      return `it asks for ${rule.riskFlags.join(" and ")}`;
    case "exec_match":
      return "none of its argv patterns fits the command";
    case "params_match":
      return `the parameters it looks at (${
        few(rule.paramsMatch.map(({ path }) => path.join(".")))
      }) hold something else`;
    case "expires_at":
      return `it expired at ${new Date(rule.expiresAtMs ?? 0).toISOString()}`;
  }
}

/** At most five names, each cut to what a message may repeat. */
function few(names: readonly string[]): string {
  const named = names.slice(0, 5).map((name) => echo(name, 60)).join(", ");
  return names.length > 5 ? `${named} and ${names.length - 5} more` : named;
}

/** The `near_misses` of an explanation. */
export function nearMissesJson(misses: readonly NearMiss[]): readonly JsonObject[] {
  return misses.map((miss) => ({
    rule_id: miss.rule.id,
    decision: miss.rule.decision,
    condition: miss.condition,
    location: formatPlace(miss.rule),
    hint: failureText(miss),
  }));
}
