import type { ActionType } from "./action_type.ts";
import { fsRead } from "./fs_read.ts";
import { fsWrite } from "./fs_write.ts";
import { repoApplyPatch } from "./repo_apply_patch.ts";
import { processExec } from "./process_exec.ts";
import { netHttpRequest } from "./net_http_request.ts";
import { secretsCheckout } from "./secrets_checkout.ts";

/** Every built-in action type, in the order tools and tables show them. */
export const actionTypes: readonly ActionType[] = [
  fsRead,
  fsWrite,
  repoApplyPatch,
  processExec,
  netHttpRequest,
  secretsCheckout,
];

const byName: ReadonlyMap<string, ActionType> = new Map(
  actionTypes.map((type) => [type.name, type]),
);

/** The built-in action type of that name; custom types are made by `customActionType`. */
export function findActionType(name: string): ActionType | undefined {
  return byName.get(name);
}
