import { ok } from "../../encoding/mod.ts";
import type { Claim, Refusal } from "../../model/mod.ts";
import type { HeldFile, Workspace } from "../../ports/mod.ts";
import type { Held } from "../action_type.ts";
import { foundResource, heldNothing, refuseUnspeakable } from "../hold_file.ts";
import { workspaceResource } from "../workspace_path.ts";
import { claimsOn, editedPaths, type FileEdit, isSource } from "./edits.ts";

/** The held files of a patch, by the path that names each. */
export type HeldFiles = ReadonlyMap<string, HeldFile>;

/** Holds every file of a patch, or none. */
export async function holdEdits(
  edits: readonly FileEdit[],
  options: { workspace: Workspace; resource: string },
): Promise<Held<HeldFiles>> {
  const files = new Map<string, HeldFile>();
  const claims: Claim[] = [];
  const release = async () => {
    for (const file of files.values()) await file.release();
  };
  const mode = options.resource.startsWith("repo://") ? "covered" : "required";
  for (const edit of edits) {
    for (const path of editedPaths(edit)) {
      const refusal = await holdOne(path, { files, workspace: options.workspace });
      const file = files.get(path);
      const found = file === undefined ? undefined : foundResource(file);
      if (refusal !== undefined || found === undefined) {
        await release();
        return heldNothing(refusal ?? refuseUnspeakable(path));
      }
      if (found === workspaceResource(path)) continue;
      claims.push(
        ...claimsOn(found, {
          mode,
          own: found === options.resource,
          moved: isSource(edit, path),
        }),
      );
    }
  }
  return { handle: ok(files), claims, release };
}

async function holdOne(
  path: string,
  into: { files: Map<string, HeldFile>; workspace: Workspace },
): Promise<Refusal | undefined> {
  const held = await into.workspace.hold(path, "write");
  if (!held.ok) return held.reason;
  into.files.set(path, held.value);
  return undefined;
}
