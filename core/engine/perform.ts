import type { ActionPorts, Caps, Executed, Held, Permit } from "../actions/mod.ts";
import { fail, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse, type Terms } from "../model/mod.ts";
import type { Snapshot } from "./snapshot.ts";

/** The caps of one action: the operator's, lowered by the rules' obligations. */
export function capsOf(terms: Terms, snapshot: Snapshot): Caps {
  return {
    maxBytes: Math.min(terms.output_max_bytes ?? Infinity, snapshot.settings.maxOutputBytes),
    maxLines: Math.min(terms.output_max_lines ?? Infinity, snapshot.settings.maxOutputLines),
  };
}

/**
 * Performs a permitted action. What was held before the decision is what is used now.
 *
 * @param held what the action type holds of the world; absent for types that hold nothing
 */
export async function perform(
  permit: Permit,
  ports: ActionPorts,
  held: Held<unknown> | undefined,
): Promise<Result<Executed, Refusal>> {
  const type = permit.action.type;
  if (type.execute === undefined) {
    return fail(
      refuse("unsupported_action", `Cannot perform "${type.name}": Nomos does not execute it`),
    );
  }
  if (held !== undefined && !held.handle.ok) return held.handle;
  return await type.execute(permit, ports, held?.handle.ok ? held.handle.value : undefined);
}
