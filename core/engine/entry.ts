import type { AgentDemand, Authenticator } from "../identity/mod.ts";
import { fail, ok, type Result } from "../encoding/mod.ts";
import type { GatewayGuards, GuardedEnd } from "../limits/mod.ts";
import { type IdentityFacts, refuse } from "../model/mod.ts";
import type { AuthFailureLog } from "./auth_failures.ts";
import { refusalReply, type Reply } from "./respond.ts";
import type { Walk } from "./walk.ts";

/** What lets callers in. */
export interface EntryParts {
  readonly authenticator: Authenticator;
  readonly guards: GatewayGuards;
  readonly failures: AuthFailureLog;
  /** Whether Nomos has ended what ran. */
  readonly ended: () => boolean;
}

/** A caller who was let in, and how it leaves. */
export interface Entered {
  readonly identity: IdentityFacts;
  /** Gives the slot back. Whoever got in calls it, whatever happens. */
  leave(end: GuardedEnd): void;
}

/**
 * Lets a caller in: proves who it is, then gives it a slot. Nothing of the body is parsed before both.
 *
 * @param agent what is asked of the agent
 */
export async function enter(
  walk: Walk,
  parts: EntryParts,
  agent: AgentDemand,
): Promise<Result<Entered, Reply>> {
  if (parts.ended()) {
    return fail(
      refusalReply(refuse("shutting_down", "Nomos is shutting down; try another replica")),
    );
  }
  walk.enter("authenticate");
  const { arrival } = walk;
  const proven = await parts.authenticator.authenticate(arrival.evidence, arrival.bytes, { agent });
  if (!proven.ok) {
    const { transport, evidence: { agentId } } = arrival;
    parts.failures.note({ transport, claimedAgent: agentId }, proven.reason, walk.snapshot);
    return fail(refusalReply(proven.reason));
  }
  const identity = proven.value.facts;
  walk.identity = identity;
  walk.enter("guard");
  const slot = parts.guards.enter(identity);
  if (!slot.ok) return fail(refusalReply(slot.reason));
  return ok({ identity, leave: (end) => slot.value.leave(end) });
}
