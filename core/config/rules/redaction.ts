import type { RuleContext } from "./rule.ts";

/** `redaction`: patterns that compile. The engine for them is loaded only when there are any. */
export async function checkRedaction(context: RuleContext): Promise<void> {
  const { patterns } = context.config.redaction;
  if (patterns.length === 0) return;
  const { OperatorPattern } = await import("../../redact/operator_pattern.ts");
  for (const [i, pattern] of patterns.entries()) {
    const compiled = OperatorPattern.compile([pattern], "");
    if (compiled.ok) continue;
    context.report(["redaction", "patterns", i], "it does not compile", "RE2 syntax");
  }
}
