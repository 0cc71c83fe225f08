import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../encoding/mod.ts";
import { normalizePatternText } from "../encoding/mod.ts";
import { type ConditionName, CONDITIONS, type Question } from "./conditions.ts";
import { type Problems, readList, readText } from "./problems.ts";
import { maskOf, RISK_FLAGS } from "./risk.ts";
import type { RuleBody } from "./parse_rule.ts";

/** Every member an example may have. */
export const EXAMPLE_MEMBERS = [
  "action_type",
  "resource",
  "params",
  "principal",
  "agent",
  "environment",
  "risk_flags",
] as const;

/** Where a list of examples stands, and what it claims. */
export interface ExamplesPlace {
  readonly pointer: string;
  readonly problems: Problems;
  /** Whether the rule has to match them (`match`), or must not (`not_match`). */
  readonly expected: boolean;
}

/**
 * Checks the `match` or `not_match` examples of one rule.
 *
 * An example is an action as far as the rule looks at it: `{action_type, resource, params, principal, agent,
 * environment, risk_flags}`, each optional; what is left out is taken so that it fits the rule. A string stands for
 * the resource, a list of strings for an argument vector. Expiry is left aside: an example tells what the rule means,
 * not whether it is in force.
 */
export function checkExamples(rule: RuleBody, examples: JsonValue, place: ExamplesPlace): void {
  if (!isJsonArray(examples)) {
    place.problems.unfit(examples, place.pointer, "a list of example actions");
    return;
  }
  examples.forEach((example, i) => {
    const at = { ...place, pointer: `${place.pointer}/${i}` };
    const question = readExample(rule, example, at);
    if (question === undefined) return;
    const failed = failedConditions(rule, question);
    if ((failed.length === 0) === place.expected) return;
    const message = place.expected
      ? `Cannot accept example ${i + 1} of rule "${rule.id}": the rule does not match it ` +
        `(${failed.join(", ")}), expected a match`
      : `Cannot accept example ${
        i + 1
      } of rule "${rule.id}": the rule matches it, expected no match`;
    place.problems.add(at.pointer, message);
  });
}

function failedConditions(rule: RuleBody, question: Question): ConditionName[] {
  // Conditions never look at where a rule stands.
  const asked = { ...rule, place: NOWHERE, bundleSource: "" };
  return CONDITIONS.filter(({ name, holds }) => name !== "expires_at" && !holds(asked, question))
    .map(({ name }) => name);
}

const NOWHERE = { file: "", pointer: "", position: () => undefined };

function readExample(
  rule: RuleBody,
  example: JsonValue,
  { pointer, problems }: ExamplesPlace,
): Question | undefined {
  if (typeof example === "string") return questionAbout(rule, { resource: example });
  if (isJsonArray(example)) {
    const argv = readList(example, pointer, problems);
    return argv && questionAbout(rule, { action_type: "process.exec", params: { argv } });
  }
  if (!isJsonObject(example)) {
    problems.unfit(example, pointer, "an action, a resource, or an argument vector");
    return undefined;
  }
  const before = problems.list.length;
  problems.unknownMembers(example, EXAMPLE_MEMBERS, pointer);
  for (const name of ["action_type", "resource", "principal", "agent", "environment"] as const) {
    const member = example[name];
    if (member !== undefined) readText(member, `${pointer}/${name}`, problems);
  }
  if (example.params !== undefined && !isJsonObject(example.params)) {
    problems.unfit(example.params, `${pointer}/params`, "an object");
  }
  readList(example.risk_flags, `${pointer}/risk_flags`, problems);
  return problems.list.length > before ? undefined : questionAbout(rule, example);
}

/** Puts an example as a question; what it leaves out fits the rule. */
function questionAbout(rule: RuleBody, example: JsonObject): Question {
  const usual = rule.actionType === "*" ? "process.exec" : rule.actionType;
  const type = textOf(example.action_type) ?? usual;
  const params = isJsonObject(example.params) ? example.params : {};
  const flags = isJsonArray(example.risk_flags)
    ? RISK_FLAGS.filter((flag) =>
      isJsonArray(example.risk_flags) && example.risk_flags.includes(flag)
    )
    : rule.riskFlags;
  const argv = isJsonArray(params.argv)
    ? params.argv.filter((token) => typeof token === "string")
    : undefined;
  const resource = textOf(example.resource) ??
    rule.resource.replaceAll("**", "x").replaceAll(/[*?]/g, "x");
  return {
    type,
    resource: normalizePatternText(resource),
    foldedResource: undefined,
    principal: textOf(example.principal) ?? rule.principals[0] ?? "someone",
    agent: textOf(example.agent) ?? rule.agents[0] ?? "some-agent",
    environment: textOf(example.environment) ?? rule.environments[0] ?? "dev",
    riskMask: maskOf(flags),
    argv: type === "process.exec" ? argv : undefined,
    params,
    nowMs: 0,
  };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
