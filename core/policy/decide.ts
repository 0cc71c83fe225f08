import type {
  ActionFacts,
  Claim,
  Decision,
  DenyDecision,
  ReasonCode,
  RuntimeOffer,
} from "../model/mod.ts";
import { judgeObligations } from "../obligations/mod.ts";
import type { CompiledPolicy } from "./compile.ts";

/** What a decision depends on besides policy and action. */
export interface DecideOptions {
  /** Further targets of the action. */
  readonly claims?: readonly Claim[];
  /** What the installation can offer; absent, what depends on it is not judged. */
  readonly offer?: RuntimeOffer | undefined;
  /** Unix time in milliseconds, for rules that expire. */
  readonly nowMs: number;
  /** Whether the workspace's file system folds case; off by default. */
  readonly caseInsensitive?: boolean;
}

/**
 * Decides one action: by the rules, and by the obligations that can refuse beforehand. Running and explaining share
 * this one copy.
 *
 * @example
 * ```ts
 * const decision = decide(policy, action.facts, { claims: action.claims, offer, nowMs: Date.now() });
 * ```
 */
export function decide(
  policy: CompiledPolicy,
  facts: ActionFacts,
  options: DecideOptions,
): Decision {
  const decision = policy.evaluate(facts, {
    claims: options.claims ?? NO_CLAIMS,
    nowMs: options.nowMs,
    caseInsensitive: options.caseInsensitive ?? false,
  });
  return withObligations(decision, facts, options.offer);
}

const NO_CLAIMS: readonly Claim[] = Object.freeze([]);

/**
 * Turns a decision into a denial when its terms cannot be met: the action is refused, never run without them. An
 * approval is refused too, so that nobody approves what could not be performed.
 *
 * @returns the decision itself, or a denial with the same rules and the refusal
 */
export function withObligations(
  decision: Decision,
  facts: ActionFacts,
  offer: RuntimeOffer | undefined,
): Decision {
  if (decision.verdict === "DENY") return decision;
  const refusal = judgeObligations({ facts, terms: decision.terms, offer });
  if (refusal === undefined) return decision;
  const { rules, provenance, externalReason } = decision;
  return {
    verdict: "DENY",
    reason: refusal.code,
    rules,
    provenance,
    message: refusal.message,
    refusal,
    ...(externalReason === undefined ? {} : { externalReason }),
  };
}

/**
 * A denial that no rule decided.
 *
 * @param message for people: what was refused and what to do
 */
export function denyBeforehand(
  policy: CompiledPolicy,
  reason: ReasonCode,
  message?: string,
): DenyDecision {
  return {
    verdict: "DENY",
    reason,
    rules: [],
    provenance: policy.provenance,
    ...(message === undefined ? {} : { message }),
  };
}
