import type { JsonObject, JsonValue, Problem, Result } from "../encoding/mod.ts";
import type { ActionFacts, Refusal, RuntimeOffer, Terms } from "../model/mod.ts";

/** What an obligation sees when it may refuse before a permit is issued. */
export interface JudgeContext {
  readonly facts: ActionFacts;
  readonly terms: Terms;
  /**
   * What this installation can offer; absent where nobody knows (a bundle judged without a config). What depends on
   * it is then left unjudged.
   */
  readonly offer: RuntimeOffer | undefined;
}

/** Where an obligation stands. */
export interface ObligationPlace {
  /** JSON pointer of the member in its bundle. */
  readonly pointer: string;
  /** Id of the rule that sets it. */
  readonly rule: string;
}

/** When an obligation has its effect. */
export type ActsWhen =
  /** May refuse ahead of the permit. */
  | "before"
  /** Bounds the execution. */
  | "during"
  /** Acts on the output. */
  | "after"
  /** Only informs. */
  | "record";

/**
 * One obligation a rule may set. One file declares one: its type, how several merge (always the stricter), when it
 * acts, and how it explains itself.
 */
export interface Obligation<K extends keyof Terms = keyof Terms> {
  readonly name: K;
  /** One sentence for documentation and explain. */
  readonly summary: string;
  /** JSON type in words, for documentation and error text. */
  readonly typeText: string;
  /** How several rules' values become one, in words. */
  readonly mergeText: string;
  readonly acts: ActsWhen;
  /** JSON Schema of the member as a bundle writes it; absent for what no bundle may write. */
  readonly schema?: JsonObject;
  /** Parses the member as written in a bundle. */
  parse(
    value: JsonValue,
    at: ObligationPlace,
  ): Result<NonNullable<Terms[K]>, readonly Problem[]>;
  /**
   * Merges two terms into the stricter one.
   *
   * INVARIANT: commutative, associative, idempotent, and never looser than either.
   */
  merge(a: NonNullable<Terms[K]>, b: NonNullable<Terms[K]>): NonNullable<Terms[K]>;
  /** Set where the obligation holds only if every merged rule names it. */
  readonly unanimous?: true;
  /** The member as responses, explain and audit show it. */
  toJson(term: NonNullable<Terms[K]>): JsonValue;
  /** Refuses an action that cannot be performed under the terms. Called whether or not the term is set. */
  judge?(context: JudgeContext): Refusal | undefined;
}
