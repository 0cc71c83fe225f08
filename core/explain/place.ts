import { echo } from "../encoding/mod.ts";
import type { Rule } from "../policy/mod.ts";

/** Where a rule stands: `file:line`, or the file where the line is not known. */
export function formatPlace(rule: Rule): string {
  const { file } = rule.place;
  const line = rule.place.position()?.line;
  return line === undefined ? file : `${file}:${line}`;
}

/** A rule as sentences name it: its id, and where it stands. */
export function nameRule(rule: Rule): string {
  return `"${echo(rule.id, 60)}" (${formatPlace(rule)})`;
}

/** At most three rules as sentences name them. */
export function nameRules(rules: readonly Rule[]): string {
  const named = rules.slice(0, 3).map(nameRule).join(", ");
  return rules.length > 3 ? `${named} and ${rules.length - 3} more` : named;
}
