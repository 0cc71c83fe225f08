import type { NormalizedAction } from "../actions/mod.ts";
import type { Claim, Decision } from "../model/mod.ts";
import { isReservedName } from "../ports/mod.ts";
import { decide as decideByPolicy, denyBeforehand } from "../policy/mod.ts";
import type { DecisionBasis } from "./snapshot.ts";

/** What a decision depends on besides the action and its basis. */
export interface DecideContext {
  /** Unix time in milliseconds, for rules that expire. */
  readonly nowMs: number;
  /** Names found while holding the target (what a symlink points to). */
  readonly foundClaims?: readonly Claim[];
}

/**
 * Decides one action: files of Nomos itself first, then policy over the action and everything else it names and the
 * obligations that can refuse beforehand, then what the operator's settings refuse. Run and explain share this copy.
 */
export function decideAction(
  action: NormalizedAction,
  basis: DecisionBasis,
  context: DecideContext,
): Decision {
  const claims = context.foundClaims?.length
    ? [...action.claims, ...context.foundClaims]
    : action.claims;
  if (touchesProtected(action, claims, basis)) {
    return denyBeforehand(basis.policy, "protected_path", PROTECTED);
  }
  const decision = decideByPolicy(basis.policy, action.facts, {
    claims,
    offer: basis.settings.offer,
    nowMs: context.nowMs,
    caseInsensitive: basis.caseInsensitive,
  });
  if (decision.verdict === "DENY" || !action.type.beforehand) return decision;
  const { params, facts } = action;
  const refusal = action.type.beforehand({ params, facts, settings: basis.settings });
  if (refusal === undefined) return decision;
  const { rules, provenance } = decision;
  return {
    verdict: "DENY",
    reason: refusal.code,
    rules,
    provenance,
    message: refusal.message,
    refusal,
  };
}

const PROTECTED = "Cannot touch this file: Nomos itself uses it, and no policy opens it";

/** A quick look: most resources have no name that begins like this. */
const OWN_NAME = /\/\.nomos-/iu;

function touchesProtected(
  action: NormalizedAction,
  claims: readonly Claim[],
  basis: DecisionBasis,
): boolean {
  const isProtected = (resource: string) =>
    basis.protectedResources.has(resource) ||
    (OWN_NAME.test(resource) && resource.split("/").some(isReservedName));
  return isProtected(action.facts.resource) || claims.some((claim) => isProtected(claim.resource));
}
