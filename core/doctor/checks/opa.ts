import type { Config } from "../../config/mod.ts";
import { type Check, failure } from "../check.ts";

const HINT = "set policy.opa.enabled to false: this version does not ask OPA";

function notBuilt(id: string, message: string): Check {
  return { id, run: () => failure(message, HINT) };
}

/** What there is to say of OPA, where a config asks for it. */
export function opaChecks({ policy }: Config): readonly Check[] {
  if (!policy.opa.enabled) return [];
  return [
    notBuilt("policy.opa_evaluator_ready", "OPA cannot be asked"),
    notBuilt("policy.opa_probe_evaluates", "OPA was not asked"),
  ];
}
