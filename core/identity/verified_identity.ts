import type { IdentityFacts } from "../model/mod.ts";

/**
 * Who sent a request, proven. Only this room makes one (the class leaves it as a type), so holding one is the proof.
 */
export class VerifiedIdentity {
  readonly #facts: IdentityFacts;

  constructor(facts: IdentityFacts) {
    this.#facts = Object.freeze({ ...facts });
  }

  /** The identity as plain data. `agent` is empty where no agent was asked for. */
  get facts(): IdentityFacts {
    return this.#facts;
  }
}
