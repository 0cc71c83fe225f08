import type { Problem } from "../encoding/problem.ts";
import { ok, type Result } from "../encoding/result.ts";
import { OperatorPattern } from "./operator_pattern.ts";
import { Redactor } from "./redactor.ts";

/**
 * Makes the redactor of a configuration.
 *
 * @param options `operatorPatterns`: the values of `redaction.patterns`, in RE2 syntax
 * @returns the redactor, or one problem for each pattern that does not compile
 *
 * @example
 * ```ts
 * const made = createRedactor({ operatorPatterns: ["(?i)corp-[0-9]{6}"] });
 * if (made.ok) made.value.scrub("Corp-123456"); // "[REDACTED]"
 * ```
 */
export function createRedactor(
  options: { readonly operatorPatterns?: readonly string[] } = {},
): Result<Redactor, Problem[]> {
  const patterns = OperatorPattern.compile(options.operatorPatterns ?? [], "/redaction/patterns");
  return patterns.ok ? ok(new Redactor({ patterns: patterns.value })) : patterns;
}
