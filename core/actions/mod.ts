export type { ActionType, Held, NormalizedAction, ToolText } from "./action_type.ts";
export { Executed, type ExecutedMeta, type RawStream } from "./executed.ts";
export { type Caps, Permit } from "./permit.ts";
export type { ActionPorts, ExecutorSettings, UpstreamRoute } from "./ports.ts";
