/**
 * Nomos as a library: parse a bundle, decide and explain actions, or build the whole engine over ports of your own.
 *
 * @example
 * ```ts
 * import { compileBundle, decide, mergeBundles, parseBundle } from "./mod.ts";
 *
 * const text = '{"version":"v1","rules":[{"id":"read","action_type":"fs.read","resource":"file://workspace/**","decision":"ALLOW"}]}';
 * const bundle = await parseBundle(new TextEncoder().encode(text), { file: "policy.json" });
 * const merged = bundle.ok ? mergeBundles([{ bundle: bundle.value }]) : bundle;
 * if (merged.ok) compileBundle(merged.value).provenance.hash.length; // 64
 * ```
 *
 * @module
 */
export {
  canonicalJson,
  type Digest,
  fail,
  formatProblem,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  ok,
  paramsHash,
  parseJson,
  portableDigest,
  type Position,
  type Problem,
  type Result,
} from "./encoding/mod.ts";
export {
  type ActionFacts,
  type AssuranceLevel,
  type AuditEvent,
  type AuditRecord,
  type BundleProvenance,
  type Claim,
  type Decision,
  type IdentityFacts,
  meaningOf,
  type ReasonCode,
  type ReasonMeaning,
  REASONS,
  type Refusal,
  type ResultClass,
  type RiskFlag,
  type RiskLevel,
  type RuntimeOffer,
  type Terms,
  type Verdict,
} from "./model/mod.ts";
export type { Adapters } from "./ports/mod.ts";
export { actionTypes, findActionType } from "./actions/mod.ts";
export { normalizeResource } from "./normalize/mod.ts";
export {
  compileBundle,
  type CompiledPolicy,
  decide,
  type DecideOptions,
  mergeBundles,
  parseBundle,
  type ParsedBundle,
} from "./policy/mod.ts";
export { createRedactor, type Redactor } from "./redact/mod.ts";
export { type Config, loadConfig, type LoadedConfig } from "./config/mod.ts";
export {
  type Arrival,
  consider,
  type Considered,
  decodeActionFile,
  type DecisionBasis,
  DEFAULT_EXECUTOR_SETTINGS,
  Engine,
  loadPolicy,
  type Reply,
  type ResponseDocument,
  type Snapshot,
} from "./engine/mod.ts";
export { assemble as createEngine, type AssembleOptions, type Assembly } from "./engine/assemble.ts";
export { explainDecision, explanationOf } from "./explain/mod.ts";
export { createApp, type HttpOptions } from "./http/mod.ts";
