import { isJsonObject, parseJson } from "../../core/encoding/mod.ts";
import type { ActionFacts, RiskFlag } from "../../core/model/mod.ts";
import {
  compileBundle,
  type CompiledPolicy,
  mergeBundles,
  parseBundle,
} from "../../core/policy/mod.ts";
import { toJsonText } from "./policy_arbitrary.ts";
import type { PlainAction, PlainRule } from "./reference_evaluator.ts";

/** Loads plain rules the way a file would be loaded. */
export async function load(
  rules: readonly PlainRule[],
  options: { readonly index: boolean },
): Promise<CompiledPolicy> {
  const text = toJsonText({ version: "v1", rules });
  const bundle = await parseBundle(new TextEncoder().encode(text), { file: "generated.json" });
  if (!bundle.ok) {
    throw new Error(`a generated bundle does not load: ${JSON.stringify(bundle.reason)}\n${text}`);
  }
  const merged = mergeBundles([{ bundle: bundle.value }]);
  if (!merged.ok) throw new Error("one bundle always merges");
  return compileBundle(merged.value, options);
}

/** A plain action as policy sees it. */
export function factsOf(action: PlainAction): ActionFacts {
  const params = parseJson(toJsonText(action.params));
  if (!params.ok || !isJsonObject(params.value.value)) {
    throw new Error("generated params are an object");
  }
  return {
    id: "act_1",
    traceId: "trace_1",
    type: action.type,
    resource: action.resource,
    params: params.value.value,
    paramsHash: "",
    facets: action.argv === undefined ? {} : { argv: action.argv },
    riskFlags: action.flags as readonly RiskFlag[], // the vocabulary has real flags only
    riskLevel: "low",
    identity: {
      principal: action.principal,
      agent: action.agent,
      environment: action.environment,
      method: "asserted",
    },
  };
}

/** What an evaluation depends on besides the action. */
export function optionsOf(action: PlainAction): { nowMs: number; caseInsensitive: boolean } {
  return { nowMs: action.nowMs, caseInsensitive: action.foldCase };
}
