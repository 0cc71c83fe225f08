/**
 * Nomos as a library: load a bundle, decide and explain actions, or run the whole engine in your own process.
 *
 * @example
 * ```ts
 * const bundle = await loadBundle([{ name: "policy.json", content: '{"version":"v1","rules":[]}' }]);
 * if (!bundle.ok) bundle.reason.map(formatProblem); // ["policy.json:1:…: /rules: …"]
 * ```
 *
 * @module
 */
export {
  type Canonicalizable,
  canonicalJson,
  type Digest,
  fail,
  formatProblem,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  ok,
  paramsHash,
  portableDigest,
  type Position,
  type Problem,
  type Result,
} from "./encoding/mod.ts";
export {
  meaningOf,
  type ReasonCode,
  type ReasonMeaning,
  REASONS,
  type Refusal,
  type ResultClass,
  type Verdict,
} from "./model/mod.ts";
export {
  type Bundle,
  type BundleText,
  createEngine,
  type CreateEngineOptions,
  type EmbeddedEngine,
  type EvaluateOptions,
  type Evaluation,
  loadBundle,
} from "./library/mod.ts";
export {
  type Adapters,
  type AppendFile,
  type Clock,
  type Confinement,
  type Database,
  DatabaseError,
  type Environment,
  type FileChange,
  FileError,
  type FileLock,
  type Files,
  type FileStat,
  type HeldFile,
  type HeldFolder,
  type HttpClient,
  type Ids,
  type ProcessEnd,
  type ProcessOptions,
  type ProcessRequest,
  type ProcessRunner,
  type ReadBytes,
  type ReadOptions,
  type Recovery,
  type Resolver,
  type SandboxEvidence,
  type SandboxProbe,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
  type Storage,
  type WireRequest,
  type WireResponse,
  type Workspace,
  type WorkspaceOptions,
} from "./ports/mod.ts";
