import { canonicalJson, type Digest, portableDigest } from "../encoding/mod.ts";
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
  /**
   * The fingerprint, or `<action type>|<resource>`; where symlinks lead elsewhere, with a hash of where to: whoever
   * approves approves that file, and not what the link is made to mean afterwards.
   */
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
  const found = foundHash(facts, digest);
  return {
    fingerprint,
    scopeType: byClass ? "class" : "fingerprint",
    // A type holds no "|" and a resource begins with a scheme and "://", so no two make one key.
    scopeKey: byClass ? `${facts.type}|${found}${facts.resource}` : found + fingerprint,
    principal,
    agent,
    environment,
  };
}

/** Says where symlinks lead; empty where they lead nowhere else. */
function foundHash({ foundResources = [] }: ActionFacts, digest: Digest = portableDigest): string {
  if (foundResources.length === 0) return "";
  const places = [...new Set(foundResources)].sort();
  return `found:${digest.sha256Hex(canonicalJson(places))}|`;
}
