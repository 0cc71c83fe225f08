export type { Receipt } from "./receipt.ts";
export { openRecorder, type RecorderOptions } from "./open.ts";
export type { AuditHealth, Recorder } from "./recorder.ts";
export type { SinkHealth } from "./delivery.ts";
export type { SealedRecord } from "./chain.ts";
export { parseSinkList, sinkKind } from "./sinks/registry.ts";
export { sinkName, type SinkSpec } from "./sinks/sink.ts";
export {
  type AuditFilter,
  type AuditReader,
  type AuthorizationQuery,
  findAuthorization,
  matchesFilter,
} from "./query.ts";
