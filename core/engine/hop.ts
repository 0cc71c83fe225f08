import type { AuthorizedHop, Hop, Permit } from "../actions/mod.ts";
import {
  type Digest,
  fail,
  type JsonObject,
  type JsonValue,
  ok,
  type Result,
} from "../encoding/mod.ts";
import { type Decision, type Refusal, refuse } from "../model/mod.ts";
import { mergeTerms } from "../obligations/mod.ts";
import { withObligations } from "../policy/mod.ts";
import { decideAction } from "./decide.ts";
import { normalizeAction } from "./normalize.ts";
import type { DecisionBasis } from "./snapshot.ts";

/**
 * Asks policy about a redirect as the request of its own that it is. A hop that is not allowed, or not without a human,
 * ends the request with that reason.
 *
 * INVARIANT: what bound the requests before binds this one too, their list of hosts included.
 */
export function authorizeHop(
  permit: Permit,
  hop: Hop,
  basis: DecisionBasis,
  context: { readonly digest: Digest; readonly nowMs: number },
): Result<AuthorizedHop, Refusal> {
  const { facts } = permit.action;
  const many = facts.riskFlags.includes("risk.high_fanout");
  const action = normalizeAction(
    {
      actionId: facts.id,
      traceId: facts.traceId,
      type: facts.type,
      resource: hop.resource,
      params: paramsOf(hop),
    },
    basis,
    { identity: facts.identity, traceActionCount: many ? Infinity : 1, digest: context.digest },
  );
  if (!action.ok) {
    return fail(refuse("execution_error", `Cannot follow the redirect: ${action.reason.message}`));
  }
  const { resource } = action.value.facts;
  const own = decideAction(action.value, basis, { nowMs: context.nowMs });
  const bound: Decision = own.verdict === "DENY"
    ? own
    : { ...own, terms: mergeTerms([hop.terms, own.terms]) };
  const decision = withObligations(bound, action.value.facts, basis.settings.offer);
  if (decision.verdict === "ALLOW") return ok({ resource, terms: decision.terms });
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

/** The params of the request as it would be sent: rules that look at them see nothing else. */
function paramsOf({ scheme, method, headers, body, query }: Hop): JsonObject {
  const named: Record<string, JsonValue> = Object.create(null);
  for (const [name, value] of headers) named[name] = value;
  return {
    scheme,
    method,
    ...(headers.length === 0 ? {} : { headers: named }),
    ...(body === undefined ? {} : { body }),
    ...(query === "" ? {} : { query }),
  };
}
