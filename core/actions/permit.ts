import type { Receipt } from "../audit/mod.ts";
import type { AllowDecision, Terms } from "../model/mod.ts";
import type { NormalizedAction } from "./action_type.ts";

/** Most of what may come back of an action. */
export interface Caps {
  readonly maxBytes: number;
  readonly maxLines: number;
}

/**
 * The right to perform one action. Executors take nothing else, and `Permit.issue` is the one maker.
 *
 * INVARIANT: a permit needs an ALLOW and the receipt of the audit record that says so, in that order.
 */
export class Permit<P = unknown> {
  readonly #action: NormalizedAction<P>;
  readonly #decision: AllowDecision;
  readonly #caps: Caps;

  private constructor(action: NormalizedAction<P>, decision: AllowDecision, caps: Caps) {
    this.#action = action;
    this.#decision = decision;
    this.#caps = caps;
  }

  /**
   * Issues the permit for one recorded ALLOW.
   *
   * @param action the normalized action that was decided
   * @param basis the decision, the receipt of its audit record, and the caps that apply
   */
  static issue<P>(
    action: NormalizedAction<P>,
    basis: { readonly decision: AllowDecision; readonly receipt: Receipt; readonly caps: Caps },
  ): Permit<P> {
    basis.receipt.spend();
    return new Permit(action, basis.decision, basis.caps);
  }

  get action(): NormalizedAction<P> {
    return this.#action;
  }

  get params(): P {
    return this.#action.params;
  }

  get terms(): Terms {
    return this.#decision.terms;
  }

  get caps(): Caps {
    return this.#caps;
  }
}
