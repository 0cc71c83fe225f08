export type { ActionType, Held, NormalizedAction, ToolText } from "./action_type.ts";
export { customActionType, isBuiltInType } from "./custom_action.ts";
export { Executed, type ExecutedMeta, MARGIN_BYTES, type RawStream } from "./executed.ts";
export { type Caps, Permit } from "./permit.ts";
export type { ActionPorts, AuthorizedHop, ExecutorSettings, Hop, UpstreamRoute } from "./ports.ts";
export { ParamReader } from "./params.ts";
export { actionTypes, findActionType } from "./registry.ts";
export { workspacePath, workspaceResource } from "./workspace_path.ts";
