import { type Digest, fingerprintJson, portableDigest } from "../encoding/mod.ts";
import type { ActionFacts } from "../model/mod.ts";

/**
 * The fingerprint of one action by one identity: what an approval is given for.
 *
 * INVARIANT: two actions that differ in type, resource, any byte of params or in who asks never share one.
 *
 * @param digest who computes it; the portable one by default
 */
export function fingerprintOf(facts: ActionFacts, digest: Digest = portableDigest): string {
  const { principal, agent, environment } = facts.identity;
  return digest.sha256Hex(fingerprintJson({
    normalized_action: {
      schema_version: "v1",
      action_type: facts.type,
      resource: facts.resource,
      params: facts.params,
    },
    principal,
    agent,
    environment,
  }));
}
