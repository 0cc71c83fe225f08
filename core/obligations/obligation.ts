import type { Problem, Result } from "../encoding/mod.ts";
import type { JsonValue } from "../encoding/mod.ts";
import type { ActionFacts, Refusal, RuntimeOffer, Terms } from "../model/mod.ts";

/** What an obligation sees when it may refuse before a permit is issued. */
export interface JudgeContext {
  readonly facts: ActionFacts;
  readonly terms: Terms;
  readonly offer: RuntimeOffer;
}

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
  /** `before`: may refuse ahead of the permit; `during`: bounds the execution; `after`: acts on the output; `record`: only informs. */
  readonly acts: "before" | "during" | "after" | "record";
  /** Parses the member as written in a bundle. */
  parse(value: JsonValue, pointer: string): Result<NonNullable<Terms[K]>, readonly Problem[]>;
  /** Merges two terms into the stricter one. Commutative, associative, idempotent. */
  merge(a: NonNullable<Terms[K]>, b: NonNullable<Terms[K]>): NonNullable<Terms[K]>;
  /** The member as responses, explain and audit show it. */
  toJson(term: NonNullable<Terms[K]>): JsonValue;
  /** Refuses an action that this installation cannot perform under the terms. Called whether or not the term is set. */
  judge?(context: JudgeContext): Refusal | undefined;
}
