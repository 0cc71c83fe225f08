export type { Receipt } from "./receipt.ts";
export { openRecorder, type RecorderOptions } from "./open.ts";
export type { AuditHealth, Recorder } from "./recorder.ts";
export type { SinkHealth } from "./delivery.ts";
export type { ChainHead, SealedRecord } from "./chain.ts";
export { parseSinkList, sinkKind } from "./sinks/registry.ts";
export { type SinkKind, sinkName, type SinkSpec } from "./sinks/sink.ts";
export {
  type AuditFilter,
  type AuditReader,
  type AuthorizationQuery,
  findAuthorization,
  matchesFilter,
} from "./query.ts";
export { type CheckpointVerifier, readVerifier } from "./checkpoint.ts";
export { readCheckpoint, type StatedCheckpoint } from "./chain_walk.ts";
export { eventsOf, LinesAuditReader } from "./lines_reader.ts";
export { SqlAuditReader } from "./sql_reader.ts";
export { highestId, linesOf, rowsOf, type SourceLine } from "./source.ts";
export { verifyAudit, type VerifyOptions } from "./verify.ts";
export { parseStored, writeStored } from "./stored_record.ts";
export type {
  Break,
  BreakKind,
  ChainReport,
  CheckpointReport,
  Gap,
  LegacyReport,
  VerifyReport,
} from "./verify_report.ts";
