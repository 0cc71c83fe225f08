import type { Launch } from "./command.ts";
import { launchDeno } from "./launch_deno.ts";
import { launchNode } from "./launch_node.ts";

/** Starts a process, through Deno where it is there and through Node elsewhere. */
export const launch: Launch = "Deno" in globalThis ? launchDeno : launchNode;

export { failedStart } from "./launch_deno.ts";
