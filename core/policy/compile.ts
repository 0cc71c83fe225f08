import { compareUtf8 } from "../encoding/mod.ts";
import type { ActionFacts, BundleProvenance, Claim, Decision } from "../model/mod.ts";
import { type Question, questionOf, type QuestionOptions, type Target } from "./conditions.ts";
import { DecisionCache } from "./decision_cache.ts";
import { LinearMatcher, type Matcher } from "./matcher.ts";
import type { PolicySet } from "./merge_bundles.ts";
import type { Rule } from "./rule.ts";
import { RuleIndex } from "./rule_index.ts";
import {
  classify,
  decisionOf,
  type Finding,
  findingOf,
  joinFindings,
  type Matched,
  NOTHING,
} from "./verdicts.ts";

/** How {@link compileBundle} prepares. */
export interface CompileOptions {
  /**
   * Builds an index, which costs once and makes every evaluation fast; on by default. A command that asks a few
   * times is quicker without. The answers are the same.
   */
  readonly index?: boolean;
}

/** What an evaluation depends on besides the action. */
export interface EvaluateOptions extends QuestionOptions {
  /** Further targets of the action. */
  readonly claims?: readonly Claim[];
}

/**
 * Prepares merged bundles for evaluation.
 *
 * @param set all rules, as `mergeBundles` gives them
 */
export function compileBundle(set: PolicySet, options: CompileOptions = {}): CompiledPolicy {
  return new CompiledPolicy(set, options.index ?? true);
}

/** A policy that is ready to decide. Immutable. */
export class CompiledPolicy {
  /** Sorted by id. */
  readonly rules: readonly Rule[];
  readonly provenance: BundleProvenance;
  readonly #matcher: Matcher;
  readonly #decisions = new DecisionCache();

  constructor(set: PolicySet, index: boolean) {
    this.rules = Object.freeze(set.rules.toSorted((a, b) => compareUtf8(a.id, b.id)));
    this.provenance = set.provenance;
    this.#matcher = index ? new RuleIndex(this.rules) : new LinearMatcher(this.rules);
  }

  /**
   * Finds the rules that match an action itself, or another target of it.
   */
  match(facts: ActionFacts, options: QuestionOptions, target?: Target): Matched {
    const hits = this.#matcher.match(questionOf(facts, options, target));
    return this.#matched(hits);
  }

  /** The places in `rules` of all rules whose resource pattern fits, whatever their other conditions say. */
  onResource(question: Question): ReadonlySet<number> {
    return this.#matcher.onResource(question);
  }

  /**
   * Decides one action by the rules alone: deny wins, then exec models that conflict, approval, allow, else deny.
   *
   * @param options the time, the workspace's case mode, and what else the action names
   */
  evaluate(facts: ActionFacts, options: EvaluateOptions): Decision {
    const claims = options.claims ?? [];
    if (claims.length > 0) return this.#evaluateAll(facts, claims, options);
    const hits = this.#matcher.match(questionOf(facts, options));
    return this.#decisions.get(hits, () => this.#decide(hits));
  }

  #decide(hits: readonly number[]): Decision {
    return decisionOf(findingOf(this.#matched(hits)), this.provenance);
  }

  #matched(hits: readonly number[]): Matched {
    return classify(hits.flatMap((i) => this.rules[i] ?? []));
  }

  #evaluateAll(
    facts: ActionFacts,
    claims: readonly Claim[],
    options: QuestionOptions,
  ): Decision {
    const own = findingOf(this.match(facts, options));
    const findings = claims.flatMap((claim) => this.#findClaim(facts, claim, { own, options }));
    const { finding, granting } = joinFindings([own, ...findings]);
    return decisionOf(finding, this.provenance, granting);
  }

  #findClaim(
    facts: ActionFacts,
    claim: Claim,
    { own, options }: { own: Finding; options: QuestionOptions },
  ): Finding[] {
    const matched = this.match(facts, options, claim);
    switch (claim.mode) {
      case "deny_only":
        return matched.deny.length === 0 ? [] : [findingOf(matched)];
      case "covered": {
        const finding = findingOf(matched);
        const covered = finding.reason === NOTHING.reason && own.rules.length > 0;
        return covered ? [] : [finding];
      }
      case "required":
        return [findingOf(matched)];
    }
  }
}
