export type {
  Adapters,
  Environment,
  ProcessOptions,
  SandboxEvidence,
  SandboxProbe,
  WorkspaceOptions,
} from "./adapters.ts";
export type { AppendFile, FileLock, Storage } from "./append_file.ts";
export type { Clock } from "./clock.ts";
export {
  type Database,
  DatabaseError,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
} from "./database.ts";
export type { Digest } from "./digest.ts";
export { FileError, type Files, type FileStat } from "./files.ts";
export type { HttpClient, Resolver, WireRequest, WireResponse } from "./http_client.ts";
export type { Ids } from "./ids.ts";
export type { ActionObservation, Observer, StageName } from "./observer.ts";
export type { Confinement, ProcessEnd, ProcessRequest, ProcessRunner } from "./process_runner.ts";
export type {
  FileChange,
  HeldFile,
  HeldFolder,
  ReadBytes,
  ReadOptions,
  Recovery,
  Workspace,
} from "./workspace.ts";
export { BEFORE_BYTES, isReservedName } from "./workspace.ts";
