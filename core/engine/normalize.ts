import { customActionType, findActionType, type NormalizedAction } from "../actions/mod.ts";
import { canonicalJson, type Digest, fail, ok, type Result, utf8Length } from "../encoding/mod.ts";
import { type IdentityFacts, type Refusal, refuse } from "../model/mod.ts";
import { normalizeResource } from "../normalize/mod.ts";
import { assessRisk } from "../policy/mod.ts";
import type { DecisionBasis } from "./snapshot.ts";
import { refuseDocument, type Submitted } from "./submitted.ts";

/** What normalizing needs besides the document. */
export interface NormalizeContext {
  readonly identity: IdentityFacts;
  /** Actions under this (principal, agent, trace), this one included. */
  readonly traceActionCount: number;
  readonly digest: Digest;
}

/**
 * Brings a request into its one normal form. Pure: no file system, no network, no clock.
 *
 * @returns `normalization_error`, `invalid_params` or `unsupported_action` with every problem of that step
 */
export function normalizeAction(
  submitted: Submitted,
  basis: DecisionBasis,
  context: NormalizeContext,
): Result<NormalizedAction, Refusal> {
  const type = findActionType(submitted.type) ?? customActionType(submitted.type);
  if (type === undefined) {
    return fail(
      refuse(
        "unsupported_action",
        `Cannot perform "${submitted.type}": this type is reserved and not available`,
      ),
    );
  }
  const resource = normalizeResource(submitted.type, submitted.resource);
  if (!resource.ok) return fail(refuseDocument("normalization_error", resource.reason));
  const uri = resource.value.uri;
  const params = type.parse(submitted.params, uri, basis.settings);
  if (!params.ok) return fail(refuseDocument("invalid_params", params.reason));
  const canonical = canonicalJson(submitted.params);
  const risk = assessRisk({
    flags: type.risk,
    paramsBytes: canonical.length > 8_192 ? utf8Length(canonical) : canonical.length,
    traceActionCount: context.traceActionCount,
  });
  return ok({
    type,
    params: params.value,
    claims: type.claims?.(params.value, uri) ?? NO_CLAIMS,
    facts: {
      id: submitted.actionId,
      traceId: submitted.traceId,
      type: submitted.type,
      resource: uri,
      params: submitted.params,
      paramsHash: context.digest.sha256Hex(canonical),
      facets: type.facets(params.value, uri),
      riskFlags: risk.flags,
      riskLevel: risk.level,
      identity: context.identity,
    },
  });
}

const NO_CLAIMS: NormalizedAction["claims"] = Object.freeze([]);
