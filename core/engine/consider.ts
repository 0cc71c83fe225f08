import type { NormalizedAction } from "../actions/mod.ts";
import { ok, type Result } from "../encoding/mod.ts";
import type { Decision, Refusal } from "../model/mod.ts";
import { decideAction } from "./decide.ts";
import { normalizeAction, type NormalizeContext } from "./normalize.ts";
import type { DecisionBasis } from "./snapshot.ts";
import type { Submitted } from "./submitted.ts";

/** An action that was decided but not performed: what explanations are made from. */
export interface Considered {
  readonly action: NormalizedAction;
  readonly decision: Decision;
  readonly basis: DecisionBasis;
  /** Unix time in milliseconds that expiring rules were judged by. */
  readonly nowMs: number;
}

/**
 * Normalizes and decides a request without touching the world. Everything that request, identity, bundle and
 * configuration decide, this and a real run decide alike; the rest the action type names as its runtime checks.
 */
export function consider(
  submitted: Submitted,
  basis: DecisionBasis,
  context: NormalizeContext & { readonly nowMs: number },
): Result<Considered, Refusal> {
  const action = normalizeAction(submitted, basis, context);
  if (!action.ok) return action;
  const decision = decideAction(action.value, basis, { nowMs: context.nowMs });
  return ok({ action: action.value, decision, basis, nowMs: context.nowMs });
}
