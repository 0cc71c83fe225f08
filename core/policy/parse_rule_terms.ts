import { isJsonArray, isJsonObject, type JsonObject } from "../encoding/mod.ts";
import type { Terms } from "../model/mod.ts";
import { NO_TERMS, parseTerms, show } from "../obligations/mod.ts";
import type { ArgvPatterns } from "./parse_exec_match.ts";
import type { RuleContext } from "./rule_context.ts";

/**
 * Parses the obligations of a rule, its redaction patterns included, and adds what follows from `exec_match`.
 */
export function readTerms(
  rule: JsonObject,
  more: { readonly rule: string; readonly argvPatterns: ArgvPatterns | undefined },
  { pointer, problems, re2 }: RuleContext,
): Terms {
  const value = rule.obligations;
  const at = `${pointer}/obligations`;
  const parsed = value === undefined
    ? undefined
    : parseTerms(value, { pointer: at, rule: more.rule });
  if (parsed && !parsed.ok) problems.addAll(parsed.reason);
  if (isJsonObject(value) && isJsonArray(value.redact)) {
    value.redact.forEach((pattern, i) => {
      const compiled = typeof pattern === "string" && pattern !== "" ? re2?.(pattern) : undefined;
      if (compiled === undefined || compiled.ok) return;
      const message = `Cannot compile the pattern ${
        show(pattern)
      }: ${compiled.reason}, expected RE2 syntax`;
      problems.add(`${at}/redact/${i}`, message);
    });
  }
  const terms = parsed?.ok ? parsed.value : NO_TERMS;
  if (more.argvPatterns === undefined) return terms;
  return Object.freeze({ ...terms, exec_constraints: more.argvPatterns });
}
