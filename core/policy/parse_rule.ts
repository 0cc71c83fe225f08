import {
  compileGlob,
  type Glob,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../encoding/mod.ts";
import type { RiskFlag, Verdict } from "../model/mod.ts";
import { show } from "../obligations/mod.ts";
import { readExecMatch } from "./parse_exec_match.ts";
import { readTerms } from "./parse_rule_terms.ts";
import { parseParamsMatch } from "./parse_params_match.ts";
import { type Problems, readList, readOptionalText, readText, readWord } from "./problems.ts";
import { parseRfc3339 } from "./rfc3339.ts";
import { maskOf, RISK_FLAGS } from "./risk.ts";
import type { Rule } from "./rule.ts";
import type { RuleContext } from "./rule_context.ts";

/** What a rule may decide. */
export const DECISIONS: readonly Verdict[] = ["ALLOW", "DENY", "REQUIRE_APPROVAL"];

/** Every member a rule may have, in the order documentation lists them. */
export const RULE_MEMBERS = [
  "id",
  "action_type",
  "resource",
  "decision",
  "principals",
  "agents",
  "environments",
  "risk_flags",
  "exec_match",
  "params_match",
  "obligations",
  "description",
  "message",
  "expires_at",
  "match",
  "not_match",
] as const;

/** A rule without its place: what its own text says. */
export type RuleBody = Omit<Rule, "place" | "bundleSource">;

/** A rule that was read: ready to match, and as it is hashed. */
export interface ReadRule {
  readonly body: RuleBody;
  readonly typed: JsonObject;
}

const ACTION_TYPE = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;

/**
 * Reads one rule of a bundle.
 *
 * @returns `undefined` when its id, type, resource or decision cannot be told; every problem goes into the context
 */
export function parseRule(value: JsonValue, context: RuleContext): ReadRule | undefined {
  const { pointer, problems, re2 } = context;
  if (!isJsonObject(value)) {
    problems.unfit(value, pointer, "a rule: an object with id, action_type, resource and decision");
    return undefined;
  }
  problems.unknownMembers(value, RULE_MEMBERS, pointer);
  const at = (name: string) => `${pointer}/${name}`;
  const id = readText(value.id, at("id"), problems);
  const actionType = readActionType(value.action_type, at("action_type"), problems);
  const resource = readText(value.resource, at("resource"), problems);
  const decision = readWord(value.decision, DECISIONS, { pointer: at("decision"), problems });
  const lists = {
    principals: readList(value.principals, at("principals"), problems),
    agents: readList(value.agents, at("agents"), problems),
    environments: readList(value.environments, at("environments"), problems),
    risk_flags: readRiskFlags(value.risk_flags, at("risk_flags"), problems),
  };
  const argvPatterns = readExecMatch(value, actionType, context);
  const terms = readTerms(value, { rule: id ?? "", argvPatterns }, context);
  const paramsMatch = value.params_match === undefined
    ? []
    : parseParamsMatch(value.params_match, { pointer: at("params_match"), problems, re2 });
  const texts = readTexts(value, context);
  const expiresAtMs = readExpiry(value.expires_at, at("expires_at"), problems);
  const globs = readGlobs(resource, decision, context);
  if (id === undefined || actionType === undefined || resource === undefined) return undefined;
  if (decision === undefined || globs === undefined) return undefined;
  return {
    body: {
      id,
      actionType,
      resource,
      ...globs,
      decision,
      principals: anyOf(lists.principals),
      agents: anyOf(lists.agents),
      environments: anyOf(lists.environments),
      riskFlags: lists.risk_flags ?? [],
      riskMask: maskOf(lists.risk_flags ?? []),
      ...(argvPatterns === undefined ? {} : { argvPatterns }),
      paramsMatch,
      terms,
      ...texts,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    },
    typed: typedRule(value),
  };
}

function readTexts(
  rule: JsonObject,
  { pointer, problems }: RuleContext,
): Pick<RuleBody, "description" | "message"> {
  const description = readOptionalText(rule.description, `${pointer}/description`, problems);
  const message = readOptionalText(rule.message, `${pointer}/message`, problems);
  return {
    ...(description === undefined ? {} : { description }),
    ...(message === undefined ? {} : { message }),
  };
}

/** `*` in a list means any, as does no list. */
function anyOf(list: readonly string[] | undefined): readonly string[] {
  return list === undefined || list.includes("*") ? [] : list;
}

/** The rule as it is hashed: what was written, without optional members that are empty. */
function typedRule(value: JsonObject): JsonObject {
  const typed: Record<string, JsonValue> = {};
  for (const name of RULE_MEMBERS) {
    const member = value[name];
    if (member !== undefined && !isEmpty(member)) typed[name] = member;
  }
  return Object.freeze(typed);
}

function isEmpty(member: JsonValue): boolean {
  if (member === null || member === "") return true;
  if (isJsonArray(member)) return member.length === 0;
  return isJsonObject(member) && Object.keys(member).length === 0;
}

function readActionType(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): string | undefined {
  const type = readText(value, pointer, problems);
  if (type === undefined || type === "*" || ACTION_TYPE.test(type)) return type;
  const message =
    `Cannot use ${
      show(type)
    } as action_type: no action can have this type, expected one exact type ` +
    'such as "fs.read", or "*"';
  problems.add(pointer, message);
  return undefined;
}

function readGlobs(
  resource: string | undefined,
  decision: Verdict | undefined,
  context: RuleContext,
): { glob: Glob; foldedGlob?: Glob } | undefined {
  if (resource === undefined) return undefined;
  // INVARIANT: an ALLOW never matches without regard to case, so it has no folded pattern at all.
  const compiled = compileGlob(resource, { ignoreCase: decision !== "ALLOW" });
  if (compiled.ok) {
    const { folded } = compiled.value;
    if (folded === undefined) return { glob: compiled.value };
    const glob = compileGlob(resource);
    return glob.ok ? { glob: glob.value, foldedGlob: folded } : undefined;
  }
  const message = `Cannot use ${show(resource)} as resource: ${compiled.reason}`;
  context.problems.add(`${context.pointer}/resource`, message);
  return undefined;
}

function readRiskFlags(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): readonly RiskFlag[] | undefined {
  const names = readList(value, pointer, problems);
  return names?.flatMap((name, i) => {
    const flag = readWord(name, RISK_FLAGS, { pointer: `${pointer}/${i}`, problems });
    return flag === undefined ? [] : [flag];
  });
}

function readExpiry(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): number | undefined {
  if (value === undefined) return undefined;
  const time = typeof value === "string" ? parseRfc3339(value) : undefined;
  if (time === undefined) {
    problems.unfit(value, pointer, 'a time as RFC 3339 writes it, "2026-12-31T00:00:00Z"');
  }
  return time;
}
