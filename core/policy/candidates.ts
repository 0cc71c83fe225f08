import { type Question, restMatches } from "./conditions.ts";
import type { Pile } from "./pile.ts";
import type { Rule } from "./rule.ts";

/** A rule with its place in the policy. */
export interface PlacedRule {
  readonly place: number;
  readonly rule: Rule;
}

/** Up to this many rules are simply asked one after the other. */
const FEW = 8;

/** The lists of names that rules can be told apart by. */
const FIELDS = [
  { of: (rule: Rule) => rule.principals, ask: (question: Question) => question.principal },
  { of: (rule: Rule) => rule.agents, ask: (question: Question) => question.agent },
  { of: (rule: Rule) => rule.environments, ask: (question: Question) => question.environment },
] as const;

type Field = (typeof FIELDS)[number];

/** Rules whose type, resource and argv fit: what is left to ask is everything else. */
export interface Candidates {
  /** Adds the places of the rules that match to a pile. */
  collect(question: Question, hits: Pile<number>): void;
}

/** Prepares rules to be asked; many are told apart by the names they list first. */
export function candidatesOf(rules: readonly PlacedRule[]): Candidates {
  const field = rules.length <= FEW ? undefined : bestField(rules);
  return field === undefined ? new AskAll(rules) : new ByName(rules, field);
}

/** The field that leaves the fewest rules to ask; `undefined` when none tells them apart. */
function bestField(rules: readonly PlacedRule[]): Field | undefined {
  let best: Field | undefined;
  let least = rules.length / 2;
  for (const field of FIELDS) {
    const names = new Map<string, number>();
    let unnamed = 0;
    for (const { rule } of rules) {
      const list = field.of(rule);
      if (list.length === 0) unnamed++;
      for (const name of list) names.set(name, (names.get(name) ?? 0) + 1);
    }
    const most = unnamed + Math.max(0, ...names.values());
    if (most < least) {
      least = most;
      best = field;
    }
  }
  return best;
}

class AskAll implements Candidates {
  readonly #rules: readonly PlacedRule[];

  constructor(rules: readonly PlacedRule[]) {
    this.#rules = rules;
  }

  collect(question: Question, hits: Pile<number>): void {
    for (const { rule, place } of this.#rules) {
      if (restMatches(rule, question)) hits.push(place);
    }
  }
}

class ByName implements Candidates {
  readonly #ask: Field["ask"];
  readonly #byName: ReadonlyMap<string, Candidates>;
  readonly #unnamed: Candidates;

  constructor(rules: readonly PlacedRule[], field: Field) {
    this.#ask = field.ask;
    const named = new Map<string, PlacedRule[]>();
    const unnamed: PlacedRule[] = [];
    for (const one of rules) {
      const names = new Set(field.of(one.rule));
      if (names.size === 0) unnamed.push(one);
      for (const name of names) {
        const list = named.get(name);
        if (list === undefined) named.set(name, [one]);
        else list.push(one);
      }
    }
    this.#byName = new Map([...named].map(([name, list]) => [name, candidatesOf(list)]));
    this.#unnamed = candidatesOf(unnamed);
  }

  collect(question: Question, hits: Pile<number>): void {
    this.#byName.get(this.#ask(question))?.collect(question, hits);
    this.#unnamed.collect(question, hits);
  }
}
