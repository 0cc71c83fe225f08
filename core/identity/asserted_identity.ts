import type { IdentityFacts } from "../model/mod.ts";

/** Who a document written offline says is asking. Nobody proved it: explanations take it, execution does not. */
export class AssertedIdentity {
  readonly #facts: IdentityFacts;

  private constructor(facts: IdentityFacts) {
    this.#facts = Object.freeze(facts);
  }

  /**
   * Takes an identity at its word.
   *
   * @example
   * ```ts
   * AssertedIdentity.of({ principal: "alice", agent: "nomos", environment: "dev" }).facts.method; // "asserted"
   * ```
   */
  static of(who: Omit<IdentityFacts, "method">): AssertedIdentity {
    const { principal, agent, environment } = who;
    return new AssertedIdentity({ principal, agent, environment, method: "asserted" });
  }

  /** The identity as plain data. */
  get facts(): IdentityFacts {
    return this.#facts;
  }
}
