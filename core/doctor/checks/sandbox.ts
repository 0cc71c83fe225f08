import { protectedPaths } from "../../config/mod.ts";
import { type Check, failure, type Finding, type Inspection, pass, warn } from "../check.ts";
import { look } from "../disk.ts";

/** Whether the confinement that is offered works here. */
export const sandboxAvailable: Check = {
  id: "executor.sandbox_available",
  async run(inspection) {
    const { executor } = inspection.config;
    const profile = executor.sandbox_profile;
    if (profile === "none") return withoutSandbox(inspection);
    const { path, workspace_root: workspaceRoot } = executor;
    const probe = await inspection.adapters.probeSandbox(profile, { path, workspaceRoot });
    if (probe.available) return pass(`the ${profile} sandbox works: ${probe.detail}`);
    if (profile === "local" && executor.sandbox_local_fallback === "process") {
      return warn("there is no local sandbox here; processes are only grouped", probe.hint);
    }
    return failure(`the ${profile} sandbox does not work here`, probe.hint);
  },
};

async function withoutSandbox(inspection: Inspection): Promise<Finding> {
  const own = await ownFilesInWorkspace(inspection);
  if (own.length === 0) {
    return pass("no sandbox is offered: a process that hides its mark outlives its action");
  }
  return warn(
    `no sandbox is offered, and processes can reach ${own.join(", ")} in the workspace`,
    "set executor.sandbox_profile to local, or keep these files outside of the workspace",
  );
}

async function ownFilesInWorkspace(inspection: Inspection): Promise<string[]> {
  const { config, loaded, adapters } = inspection;
  const folder = config.executor.workspace_root + adapters.files.separator;
  // Beside each database lie files of its own; naming the database is enough.
  const siblings = /(-wal|-shm|-journal|\.lock)$/;
  const inside = protectedPaths(loaded)
    .filter((path) => path.startsWith(folder) && !siblings.test(path));
  const stats = await Promise.all(inside.map((path) => look(adapters, path)));
  return inside.filter((_, i) => stats[i] !== undefined).map((path) => path.slice(folder.length));
}
