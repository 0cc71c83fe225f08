export type { ParsedBundle, Rule, RulePlace } from "./rule.ts";
export { MAX_BUNDLE_BYTES, parseBundle, type ParseBundleOptions } from "./parse_bundle.ts";
export {
  BUNDLE_ROLES,
  type BundleWithRole,
  mergeBundles,
  type MergeOptions,
  type PolicySet,
} from "./merge_bundles.ts";
export {
  compileBundle,
  CompiledPolicy,
  type CompileOptions,
  type EvaluateOptions,
} from "./compile.ts";
export { decide, type DecideOptions, denyBeforehand, withObligations } from "./decide.ts";
export {
  assessRisk,
  HIGH_FANOUT_ACTIONS,
  LARGE_IO_BYTES,
  type Risk,
  RISK_FLAGS,
  type RiskInput,
  riskLevel,
} from "./risk.ts";
export {
  type ConditionName,
  CONDITIONS,
  conditionsSet,
  type Question,
  questionOf,
  type QuestionOptions,
  type Target,
} from "./conditions.ts";
export { execModelsConflict, type Matched, sortById, termsOf } from "./verdicts.ts";
export { parseRfc3339 } from "./rfc3339.ts";
export {
  generateKey,
  type KeyPair,
  type SignatureCheck,
  signBytes,
  verifySignature,
} from "./verify_signature.ts";
export type { KeyKind } from "./key_kind.ts";
export { type LintCode, type LintFinding, type LintOptions, lintRules } from "./lint.ts";
export { bundleJsonSchema } from "./bundle_json_schema.ts";
export { legacyExecRules, strictExecProblems } from "./legacy_exec.ts";
