import type { Digest } from "../encoding/mod.ts";
import type { ActionFacts, Terms } from "../model/mod.ts";
import { fingerprintOf } from "./fingerprint.ts";

/**
 * What an approval covers: `fingerprint` is one action, once; `class` is every action of one type on one resource,
 * until it expires. Both hold for one principal, agent and environment only.
 */
export type ScopeType = "fingerprint" | "class";

/** What an approval is bound to. */
export interface Binding {
  readonly fingerprint: string;
  readonly scopeType: ScopeType;
  /** The fingerprint, or `<action type>|<resource>`. */
  readonly scopeKey: string;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
}

/** What an approval of this action is bound to, under the terms of the rules that want it approved. */
export function bindingOf(facts: ActionFacts, terms: Terms, digest?: Digest): Binding {
  const { principal, agent, environment } = facts.identity;
  const fingerprint = fingerprintOf(facts, digest);
  const byClass = terms.approval_scope_class === "action_type_resource";
  return {
    fingerprint,
    scopeType: byClass ? "class" : "fingerprint",
    // A type holds no "|", so no two pairs make one key.
    scopeKey: byClass ? `${facts.type}|${facts.resource}` : fingerprint,
    principal,
    agent,
    environment,
  };
}
