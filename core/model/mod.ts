export type { IdentityFacts, IdentityMethodName } from "./identity.ts";
export type { ActionFacts, Claim, Facets, RiskFlag, RiskLevel } from "./facts.ts";
export {
  meaningOf,
  type ReasonCode,
  type ReasonMeaning,
  REASONS,
  type ResultClass,
} from "./reason.ts";
export { type Refusal, refuse } from "./refusal.ts";
export {
  type HostRule,
  type RuleReason,
  SANDBOX_MODES,
  type SandboxMode,
  type Terms,
} from "./terms.ts";
export type {
  AllowDecision,
  ApprovalDecision,
  BundleInput,
  BundleProvenance,
  BundleRole,
  Decision,
  DenyDecision,
  Verdict,
} from "./decision.ts";
export type { RuntimeOffer } from "./offer.ts";
export type { AssuranceLevel, AuditEvent, AuditEventType, AuditRecord } from "./audit_event.ts";
export { Redacted, type Scrubber, type ScrubOptions } from "./redacted.ts";
export { ownersOfScheme, type Resource, schemesOf } from "./resource.ts";
