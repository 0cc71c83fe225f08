import { FileError } from "../../ports/mod.ts";
import { type Check, failure, judge, pass, warn } from "../check.ts";
import { look } from "../disk.ts";

const HINT = "set executor.workspace_root to an existing folder";

/** Whether the workspace is there. */
export const workspaceExists: Check = {
  id: "fs.workspace_exists",
  async run({ config, adapters }) {
    const root = config.executor.workspace_root;
    const stat = await look(adapters, root);
    return judge(stat?.kind === "directory", {
      good: `the workspace is ${root}`,
      bad: stat === undefined ? `${root} does not exist` : `${root} is not a folder`,
      hint: HINT,
    });
  },
};

/** Whether the workspace has one true path, and how well it is guarded. */
export const workspaceCanonicalizes: Check = {
  id: "fs.workspace_canonicalizes",
  async run({ config, adapters }) {
    const root = config.executor.workspace_root;
    try {
      const path = await adapters.files.realPath(root);
      if (adapters.files.dirname(path) === path) {
        return warn(`the workspace is the whole file system (${path})`, "choose one folder of it");
      }
      const how = adapters.platform === "linux"
        ? "every step of a path is opened and checked"
        : "paths are checked as well as this system allows";
      return pass(`the workspace resolves to ${path}; ${how}`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return failure(`${root} cannot be resolved (${error.code})`, HINT);
    }
  },
};

/** Whether a workspace is named at all. */
export const workspaceNonEmpty: Check = {
  id: "fs.workspace_non_empty",
  run({ config, loaded }) {
    const isSet = loaded.sources.isSet("/executor/workspace_root");
    return judge(config.executor.workspace_root !== "", {
      good: isSet ? "the workspace is configured" : "the workspace is the working directory",
      bad: "the workspace has no name",
      hint: HINT,
    });
  },
};
