import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../encoding/mod.ts";
import { parseTokenLists } from "../obligations/mod.ts";
import type { Problems } from "./problems.ts";
import type { RuleContext } from "./rule_context.ts";

/** Argument vector patterns, as a rule lists them. */
export type ArgvPatterns = readonly (readonly string[])[];

/**
 * Parses the `exec_match` of a rule.
 *
 * @returns `undefined` when the rule has none, or one that is wrong
 */
export function readExecMatch(
  rule: JsonObject,
  actionType: string | undefined,
  { pointer, problems }: RuleContext,
): ArgvPatterns | undefined {
  const value = rule.exec_match;
  if (value === undefined) return undefined;
  const at = `${pointer}/exec_match`;
  if (actionType !== undefined && actionType !== "process.exec" && actionType !== "*") {
    const message =
      `Cannot use exec_match on action_type "${actionType}": it judges commands only, ` +
      'expected action_type "process.exec" or "*"';
    problems.add(at, message);
  }
  if (isJsonObject(rule.obligations) && Object.hasOwn(rule.obligations, "exec_allowlist")) {
    const message =
      "Cannot use exec_match and exec_allowlist in one rule: they are two ways to limit commands, " +
      "expected only exec_match";
    problems.add(at, message);
  }
  if (!isJsonObject(value)) {
    problems.unfit(value, at, "an object with argv_patterns");
    return undefined;
  }
  problems.unknownMembers(value, ["argv_patterns"], at);
  if (value.argv_patterns === undefined) {
    problems.add(
      at,
      'Cannot find member "argv_patterns": missing, expected a list of argv patterns',
    );
    return undefined;
  }
  return readPatterns(value.argv_patterns, `${at}/argv_patterns`, problems);
}

function readPatterns(
  value: JsonValue,
  pointer: string,
  problems: Problems,
): ArgvPatterns | undefined {
  if (!isJsonArray(value) || value.length === 0) {
    problems.unfit(value, pointer, "a list of at least one argv pattern");
    return undefined;
  }
  const patterns = parseTokenLists(value, { pointer, rule: "" }, "argv patterns");
  if (patterns.ok) return patterns.value;
  problems.addAll(patterns.reason);
  return undefined;
}
