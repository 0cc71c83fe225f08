import { cleanFilePath, echo, fail, type JsonObject, ok } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import type { HeldFile, Workspace } from "../ports/mod.ts";
import type { Held, NormalizedAction } from "./action_type.ts";
import { workspacePath, workspaceResource } from "./workspace_path.ts";

const NOTHING_TO_FREE = (): Promise<void> => Promise.resolve();

/** Holds nothing, and tells why. */
export function heldNothing(refusal: Refusal): Held<never> {
  return { handle: fail(refusal), claims: [], release: NOTHING_TO_FREE };
}

/**
 * Holds the file that an action's resource names. When a symlink leads elsewhere in the workspace, the file it leads
 * to must be allowed in its own right.
 */
export async function holdResource(
  action: NormalizedAction<unknown>,
  workspace: Workspace,
  intent: "read" | "write",
): Promise<Held<HeldFile>> {
  const { resource } = action.facts;
  const path = workspacePath(resource);
  if (path === undefined) {
    return heldNothing(refuse("invalid_resource", "Cannot use the resource: expected a file"));
  }
  const held = await workspace.hold(path, intent);
  if (!held.ok) return heldNothing(held.reason);
  const found = foundResource(held.value);
  if (found === undefined) {
    await held.value.release();
    return heldNothing(refuseUnspeakable(path));
  }
  return {
    handle: ok(held.value),
    claims: found === resource
      ? []
      : [{ type: action.type.name, resource: found, mode: "required" }],
    release: () => held.value.release(),
  };
}

/**
 * The normalized resource that a held file or folder turned out to be.
 *
 * @returns `undefined` for a name that no resource can have, so that no rule could speak of it
 */
export function foundResource(held: Pick<HeldFile, "resolvedPath">): string | undefined {
  const clean = cleanFilePath(held.resolvedPath);
  if (!clean.ok || clean.value !== held.resolvedPath.normalize("NFC")) return undefined;
  return workspaceResource(clean.value);
}

/** What the audit tells of a held file beyond the resource: where a symlink led. */
export function resolvedMetadata(action: NormalizedAction<unknown>, file: HeldFile): JsonObject {
  const resource = workspaceResource(file.resolvedPath);
  return resource === action.facts.resource ? {} : { resolved_resource: resource };
}

/** The refusal of a file with such a name. */
export function refuseUnspeakable(path: string): Refusal {
  return refuse(
    "invalid_resource",
    `Cannot use "${echo(path)}": a symlink leads to a name that no rule can speak of`,
  );
}
