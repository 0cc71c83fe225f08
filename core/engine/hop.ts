import type { AuthorizedHop, Hop, Permit } from "../actions/mod.ts";
import { type Digest, fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import { decideAction } from "./decide.ts";
import { normalizeAction } from "./normalize.ts";
import type { DecisionBasis } from "./snapshot.ts";

/**
 * Asks policy about a redirect as the request of its own that it is. A hop that is not allowed, or not without a human,
 * ends the request with that reason.
 */
export function authorizeHop(
  permit: Permit,
  hop: Hop,
  basis: DecisionBasis,
  context: { readonly digest: Digest; readonly nowMs: number },
): Result<AuthorizedHop, Refusal> {
  const { facts } = permit.action;
  const { scheme, method } = hop;
  const many = facts.riskFlags.includes("risk.high_fanout");
  const action = normalizeAction(
    {
      actionId: facts.id,
      traceId: facts.traceId,
      type: facts.type,
      resource: hop.resource,
      params: { ...facts.params, scheme, method },
    },
    basis,
    { identity: facts.identity, traceActionCount: many ? Infinity : 1, digest: context.digest },
  );
  if (!action.ok) {
    return fail(refuse("execution_error", `Cannot follow the redirect: ${action.reason.message}`));
  }
  const { resource } = action.value.facts;
  const decision = decideAction(action.value, basis, { nowMs: context.nowMs });
  if (decision.verdict === "ALLOW") return ok({ resource });
  return fail(
    refuse(
      decision.reason,
      `Cannot follow the redirect: policy does not allow the host and path it leads to`,
      {
        metadata: {
          redirect_refused: true,
          final_resource: resource,
          matched_rule_ids: [...decision.rules],
        },
      },
    ),
  );
}
