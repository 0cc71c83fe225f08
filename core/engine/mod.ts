export type { Arrival } from "./arrival.ts";
export { consider, type Considered } from "./consider.ts";
export { DEFAULT_EXECUTOR_SETTINGS } from "./default_settings.ts";
export { Engine } from "./engine.ts";
export { faultLine } from "./fault.ts";
export { type BundleSource, loadPolicy, type LoadPolicyOptions } from "./load_policy.ts";
export {
  type ErrorDocument,
  type ProblemDocument,
  refusalReply,
  type Reply,
  type ResponseDocument,
} from "./respond.ts";
export type { EngineParts } from "./parts.ts";
export type { DecisionBasis, Snapshot } from "./snapshot.ts";
export {
  type AssertedDocument,
  decodeActionFile,
  decodeRequest,
  DEFAULT_ENVELOPE_LIMITS,
  type EnvelopeLimits,
  type Submitted,
} from "./submitted.ts";
