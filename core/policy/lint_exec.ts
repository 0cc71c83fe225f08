import type { Flaw } from "./lint.ts";
import type { Rule } from "./rule.ts";

/** Tells when a rule lets every command through. */
export function execFlaw(rule: Rule): Flaw | undefined {
  if (rule.actionType !== "process.exec" || rule.decision === "DENY") return undefined;
  if (rule.argvPatterns === undefined && rule.terms.exec_allowlist === undefined) {
    return {
      code: "exec_without_limit",
      message: "sets no limit on commands: add exec_match with the argv patterns that are meant",
    };
  }
  const open = rule.argvPatterns?.find(([first]) => first === "*" || first === "**");
  if (open === undefined) return undefined;
  return {
    code: "exec_any_command",
    message: `lets any program run through the pattern ${
      JSON.stringify(open)
    }: begin it with the program's name`,
  };
}

/** Tells when a denied command can be run by adding one argument. */
export function argvFlaw(rule: Rule): Flaw | undefined {
  if (rule.decision !== "DENY") return undefined;
  const patterns = rule.argvPatterns ?? [];
  const evadable = patterns.find((pattern) =>
    !pattern.includes("**") && !patterns.some((other) => extendsTo(pattern, other))
  );
  if (evadable === undefined) return undefined;
  return {
    code: "narrow_exec_deny",
    message: `denies only exactly ${
      JSON.stringify(evadable)
    }: one more argument evades it, end it with "**" if more is meant`,
  };
}

function extendsTo(pattern: readonly string[], other: readonly string[]): boolean {
  return other.at(-1) === "**" && other.length <= pattern.length + 1 &&
    other.slice(0, -1).every((token, i) => token === "*" || token === "**" || token === pattern[i]);
}
