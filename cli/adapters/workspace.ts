import type { Workspace, WorkspaceOptions } from "../../core/ports/mod.ts";
import { buildWorkspace } from "./workspace/host_workspace.ts";
import { openRoot } from "./workspace/open_root.ts";
import { nodePath } from "./workspace/system.ts";

/**
 * Opens the workspace and repairs what a killed process left in it.
 *
 * @param root path of the folder; symlinks in it are the operator's and are followed
 * @throws the system's error when the folder cannot be opened
 */
export async function openWorkspace(root: string, options: WorkspaceOptions): Promise<Workspace> {
  const path = nodePath().resolve(root);
  return await buildWorkspace(openRoot(path), path, options);
}
