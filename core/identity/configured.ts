import type { IdentityFacts } from "../model/mod.ts";
import { VerifiedIdentity } from "./verified_identity.ts";

/**
 * The identity that the operator gave a process which serves exactly one client over its own standard streams: who
 * started the process vouches for it.
 */
export function configuredIdentity(who: Omit<IdentityFacts, "method">): VerifiedIdentity {
  const { principal, agent, environment } = who;
  return new VerifiedIdentity({ principal, agent, environment, method: "configured" });
}
