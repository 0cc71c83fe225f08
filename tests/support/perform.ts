import {
  type ActionPorts,
  type ActionType,
  type Executed,
  type ExecutorSettings,
  type NormalizedAction,
  Permit,
} from "../../core/actions/mod.ts";
import { Receipt } from "../../core/audit/receipt.ts";
import { ok, type Problem, type Result } from "../../core/encoding/mod.ts";
import type { JsonObject } from "../../core/encoding/mod.ts";
import type { AllowDecision, Claim, Refusal } from "../../core/model/mod.ts";
import type { Workspace } from "../../core/ports/mod.ts";

/** Settings of an executor that limits nothing much. */
export const SETTINGS: ExecutorSettings = {
  maxOutputBytes: 65_536,
  maxOutputLines: 10_000,
  maxWriteBytes: 1_048_576,
  execTimeoutMs: 30_000,
  httpTimeoutMs: 5_000,
  envAllowlist: [],
  allowPrivateNetworks: [],
  upstreamRoutes: [],
};

/** How one action on a workspace went. */
export interface Performed {
  /** What is wrong with the params; then nothing else happened. */
  readonly problems?: readonly Problem[];
  readonly claims: readonly Claim[];
  readonly foundClaims: readonly Claim[];
  readonly result?: Result<Executed, Refusal>;
}

/** Parses, holds and executes an action as if policy allowed everything. */
export async function perform<P>(
  type: ActionType<P>,
  action: { resource: string; params: JsonObject },
  world: { workspace: Workspace; settings?: Partial<ExecutorSettings>; maxBytes?: number },
): Promise<Performed> {
  const settings = { ...SETTINGS, ...world.settings };
  const params = type.parse(action.params, action.resource, settings);
  if (!params.ok) return { problems: params.reason, claims: [], foundClaims: [] };
  const claims = type.claims?.(params.value, action.resource) ?? [];
  const normalized = normalizedAction(type, { ...action, typed: params.value, claims });
  // Executors of files use no other port.
  const ports = {
    settings,
    workspace: world.workspace,
    signal: new AbortController().signal,
  } as unknown as ActionPorts;
  const held = await type.hold?.(normalized, ports);
  if (held === undefined) return { claims, foundClaims: [] };
  try {
    if (!held.handle.ok) return { claims, foundClaims: held.claims, result: held.handle };
    const result = await type.execute?.(
      permitFor(normalized, world.maxBytes),
      ports,
      held.handle.value,
    );
    return { claims, foundClaims: held.claims, ...(result === undefined ? {} : { result }) };
  } finally {
    await held.release();
  }
}

function normalizedAction<P>(
  type: ActionType<P>,
  action: { resource: string; params: JsonObject; typed: P; claims: readonly Claim[] },
): NormalizedAction<P> {
  return {
    type,
    params: action.typed,
    claims: action.claims,
    facts: {
      id: "act_1",
      traceId: "trace_1",
      type: type.name,
      resource: action.resource,
      params: action.params,
      paramsHash: "",
      facets: {},
      riskFlags: [],
      riskLevel: "low",
      identity: { principal: "p", agent: "a", environment: "e", method: "asserted" },
    },
  };
}

function permitFor<P>(action: NormalizedAction<P>, maxBytes = 65_536): Permit<P> {
  const decision: AllowDecision = {
    verdict: "ALLOW",
    reason: "allow_by_rule",
    rules: [],
    provenance: { hash: "", sources: [], inputs: [] },
    terms: {},
  };
  return Permit.issue(action, {
    decision,
    receipt: new Receipt(true),
    caps: { maxBytes, maxLines: 10_000 },
  });
}

/** The text an action brought back, or the code of its refusal. */
export function outcomeOf(performed: Performed): string {
  if (performed.problems !== undefined) return "invalid_params";
  const { result } = performed;
  if (result === undefined) return "nothing";
  return result.ok ? result.value.streams.output?.text ?? "" : result.reason.code;
}

/** The value of a result that must be there. */
export function must<T, R>(result: Result<T, R>): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result.reason)}`);
  return ok(result.value).value;
}
