import { foldCase, type JsonObject } from "../encoding/mod.ts";
import type { ActionFacts } from "../model/mod.ts";
import { matchesArgv } from "../obligations/mod.ts";
import { paramsMatch } from "./params_match.ts";
import { maskOf } from "./risk.ts";
import type { Rule } from "./rule.ts";

/** What rules are asked: one action, one time. */
export interface Question {
  readonly type: string;
  readonly resource: string;
  /** The resource without case, where the workspace does not tell cases apart. */
  readonly foldedResource: string | undefined;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  readonly riskMask: number;
  readonly argv: readonly string[] | undefined;
  readonly params: JsonObject;
  readonly nowMs: number;
}

/** What an answer depends on besides the action. */
export interface QuestionOptions {
  /** Unix time in milliseconds, for rules that expire. */
  readonly nowMs: number;
  /** Whether the workspace's file system folds case. */
  readonly caseInsensitive: boolean;
}

/** A target to ask about in place of the action's own. */
export interface Target {
  readonly type: string;
  readonly resource: string;
}

/** Puts an action, or another target of it, as a question to rules. */
export function questionOf(
  facts: ActionFacts,
  options: QuestionOptions,
  target: Target = facts,
): Question {
  const { resource } = target;
  const folds = options.caseInsensitive && resource.startsWith("file://");
  return {
    type: target.type,
    resource,
    foldedResource: folds ? foldCase(resource) : undefined,
    principal: facts.identity.principal,
    agent: facts.identity.agent,
    environment: facts.identity.environment,
    riskMask: maskOf(facts.riskFlags),
    argv: facts.facets.argv,
    params: facts.params,
    nowMs: options.nowMs,
  };
}

/** The names of a rule's conditions, as explanations use them. */
export type ConditionName =
  | "action_type"
  | "resource"
  | "principal"
  | "agent"
  | "environment"
  | "risk_flags"
  | "exec_match"
  | "params_match"
  | "expires_at";

type Holds = (rule: Rule, question: Question) => boolean;

/**
 * Every condition of a rule, those first that most often tell rules apart. A rule matches when all hold; this table is the one copy of what that
 * means, and the index only spares asking.
 */
export const CONDITIONS: readonly { readonly name: ConditionName; readonly holds: Holds }[] = [
  { name: "action_type", holds: typeHolds },
  { name: "resource", holds: resourceHolds },
  { name: "principal", holds: (rule, q) => listed(rule.principals, q.principal) },
  { name: "agent", holds: (rule, q) => listed(rule.agents, q.agent) },
  { name: "environment", holds: (rule, q) => listed(rule.environments, q.environment) },
  { name: "risk_flags", holds: (rule, q) => (rule.riskMask & ~q.riskMask) === 0 },
  {
    name: "expires_at",
    holds: (rule, q) => rule.expiresAtMs === undefined || q.nowMs < rule.expiresAtMs,
  },
  { name: "exec_match", holds: execHolds },
  { name: "params_match", holds: paramsHold },
];

/** Tells whether a rule matches: all its conditions hold. */
export function ruleMatches(rule: Rule, question: Question): boolean {
  return CONDITIONS.every(({ holds }) => holds(rule, question));
}

/** Whether everything but type, resource and argv holds, which the index has looked at already. */
export function restMatches(rule: Rule, q: Question): boolean {
  return listed(rule.principals, q.principal) &&
    listed(rule.agents, q.agent) &&
    listed(rule.environments, q.environment) &&
    (rule.riskMask & ~q.riskMask) === 0 &&
    (rule.expiresAtMs === undefined || q.nowMs < rule.expiresAtMs) &&
    (rule.paramsMatch.length === 0 || paramsHold(rule, q));
}

function typeHolds(rule: Rule, q: Question): boolean {
  return rule.actionType === q.type || rule.actionType === "*";
}

function listed(list: readonly string[], name: string): boolean {
  return list.length === 0 || list.includes(name);
}

/** Tells whether a rule's resource pattern fits, without regard to case where the workspace has none. */
export function resourceHolds(rule: Rule, q: Question): boolean {
  if (rule.glob.matches(q.resource)) return true;
  return q.foldedResource !== undefined && rule.foldedGlob !== undefined &&
    rule.foldedGlob.matches(q.foldedResource);
}

function execHolds(rule: Rule, q: Question): boolean {
  if (rule.argvPatterns === undefined) return true;
  const { argv } = q;
  if (q.type !== "process.exec" || argv === undefined) return false;
  return rule.argvPatterns.some((pattern) => matchesArgv(pattern, argv));
}

function paramsHold(rule: Rule, q: Question): boolean {
  return paramsMatch(rule.paramsMatch, q.params, rule.decision !== "ALLOW");
}

/** Which conditions a rule has at all; the others hold for every action. */
export function conditionsSet(rule: Rule): ReadonlySet<ConditionName> {
  const names: ConditionName[] = [];
  if (rule.actionType !== "*") names.push("action_type");
  names.push("resource");
  if (rule.principals.length > 0) names.push("principal");
  if (rule.agents.length > 0) names.push("agent");
  if (rule.environments.length > 0) names.push("environment");
  if (rule.riskFlags.length > 0) names.push("risk_flags");
  if (rule.argvPatterns !== undefined) names.push("exec_match");
  if (rule.paramsMatch.length > 0) names.push("params_match");
  if (rule.expiresAtMs !== undefined) names.push("expires_at");
  return new Set(names);
}
