import type { ActionFacts, AssuranceLevel, Claim, Decision, RuntimeOffer } from "../model/mod.ts";
import {
  type CompiledPolicy,
  type Matched,
  type QuestionOptions,
  type Rule,
  sortById,
  type Target,
} from "../policy/mod.ts";

/** What an explanation is made from: a decision, and everything it was made from. */
export interface ExplainInput {
  readonly policy: CompiledPolicy;
  readonly facts: ActionFacts;
  /** Further targets of the action. */
  readonly claims: readonly Claim[];
  readonly decision: Decision;
  /** The time the decision was made at, Unix milliseconds. */
  readonly nowMs: number;
  readonly caseInsensitive: boolean;
  readonly execCompatibility: RuntimeOffer["execCompatibility"];
  readonly assurance: AssuranceLevel;
  readonly engineVersion: string;
  /** What only the world can tell about actions of this type, by name. */
  readonly runtimeChecks: readonly string[];
  /** Whether to suggest a minimal allowing change. */
  readonly suggestions: boolean;
}

/** One target of the action, and the rules that match it. */
export interface MatchedTarget {
  readonly target: Target;
  readonly mode: Claim["mode"];
  readonly matched: Matched;
}

/** A decision laid open: which rules matched which target. */
export interface Case {
  readonly input: ExplainInput;
  readonly options: QuestionOptions;
  /** The action's own target first. */
  readonly targets: readonly MatchedTarget[];
  /** Over all targets, each rule once, sorted by id. */
  readonly matched: Matched;
}

/** Lays a decision open. */
export function openCase(input: ExplainInput): Case {
  const { policy, facts, claims, nowMs, caseInsensitive } = input;
  const options = { nowMs, caseInsensitive };
  const own = { target: facts, mode: "required", matched: policy.match(facts, options) } as const;
  if (claims.length === 0) return { input, options, targets: [own], matched: own.matched };
  const further = claims.map((claim) => {
    const all = policy.match(facts, options, claim);
    const matched = claim.mode === "deny_only" ? { ...all, approval: [], allow: [] } : all;
    return { target: claim, mode: claim.mode, matched };
  });
  const targets = [own, ...further];
  const over = (pick: (matched: Matched) => readonly Rule[]) =>
    sortById(targets.flatMap(({ matched }) => pick(matched)));
  return {
    input,
    options,
    targets,
    matched: {
      deny: over((matched) => matched.deny),
      approval: over((matched) => matched.approval),
      allow: over((matched) => matched.allow),
    },
  };
}

/** The rules that would have let the action through, were it not for what denies it. */
export function grantingRules({ approval, allow }: Matched): readonly Rule[] {
  return approval.length > 0 ? approval : allow;
}
