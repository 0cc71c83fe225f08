import type { Problem } from "../encoding/mod.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { Rule } from "./rule.ts";

/** Rules that still bound commands by the legacy `exec_allowlist`. */
export function legacyExecRules(policy: CompiledPolicy): readonly Rule[] {
  return policy.rules.filter((rule) =>
    rule.decision !== "DENY" && rule.terms.exec_allowlist !== undefined
  );
}

/** What keeps a policy from being used where only `exec_match` is accepted. */
export function strictExecProblems(policy: CompiledPolicy): readonly Problem[] {
  return legacyExecRules(policy).map(({ id, place }) => {
    const position = place.position();
    return {
      pointer: place.pointer,
      file: place.file,
      message:
        `Cannot use rule "${id}": exec_compatibility_mode is strict, expected exec_match instead of exec_allowlist`,
      ...(position ? { position } : {}),
    };
  });
}
