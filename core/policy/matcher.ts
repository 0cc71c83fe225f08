import { type Question, resourceHolds, ruleMatches } from "./conditions.ts";
import type { Rule } from "./rule.ts";

/**
 * Finds the rules that match.
 *
 * Duties: the answer holds the places of all rules that match and of no other, each once, in ascending order.
 */
export interface Matcher {
  match(question: Question): readonly number[];
  /** The places of all rules whose resource pattern fits, whatever their other conditions say. */
  onResource(question: Question): ReadonlySet<number>;
}

/** Asks every rule. Needs no preparation: right for a command that asks once. */
export class LinearMatcher implements Matcher {
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  match(question: Question): readonly number[] {
    const hits: number[] = [];
    this.#rules.forEach((rule, i) => {
      if (ruleMatches(rule, question)) hits.push(i);
    });
    return hits;
  }

  onResource(question: Question): ReadonlySet<number> {
    const places = new Set<number>();
    this.#rules.forEach((rule, i) => {
      if (resourceHolds(rule, question)) places.add(i);
    });
    return places;
  }
}
