import type { JsonObject } from "../encoding/mod.ts";
import type { BundleInput, Verdict } from "./decision.ts";
import type { RiskFlag, RiskLevel } from "./facts.ts";
import type { ResultClass } from "./reason.ts";
import type { SandboxMode } from "./terms.ts";

/** Every kind of audit event. */
export type AuditEventType =
  | "trace.start"
  | "action.decision"
  | "action.completed"
  | "trace.end"
  | "approval.requested"
  | "approval.applied"
  | "approval.decided"
  | "approval.decided.ui"
  | "approval.decided.slack"
  | "approval.decided.teams"
  | "approval.decided.webhook"
  | "action.external_reported"
  | "auth.failed"
  | "runtime.started"
  | "runtime.reload"
  | "runtime.shutdown"
  | "audit.checkpoint"
  | "audit.recovered"
  | "mcp.tools_list"
  | "mcp.upstream_credential_lease"
  | "mcp.response_scan"
  | "mcp.tool_definition_pin";

/** How far the installation's claims reach. */
export type AssuranceLevel = "STRONG" | "GUARDED" | "BEST_EFFORT" | "NONE";

/**
 * One audit event, in the words it is stored with (version v1); absent members are left out of the stored
 * form. The recorder adds `schema_version`, `timestamp`, `seq`, `chain_id` and the hashes.
 */
export interface AuditEvent {
  readonly event_type: AuditEventType;
  readonly trace_id: string;
  readonly action_id?: string;
  readonly approval_id?: string;
  readonly action_fingerprint?: string;
  readonly principal?: string;
  readonly agent?: string;
  readonly environment?: string;
  readonly action_type?: string;
  readonly resource?: string;
  readonly resource_normalized?: string;
  readonly params_hash?: string;
  readonly matched_rule_ids?: readonly string[];
  readonly obligations?: JsonObject;
  readonly duration_ms?: number;
  readonly result_classification?: ResultClass;
  readonly retryable?: boolean;
  readonly policy_bundle_hash?: string;
  readonly policy_bundle_sources?: readonly string[];
  readonly policy_bundle_inputs?: readonly BundleInput[];
  readonly engine_version?: string;
  readonly params_redacted_summary?: string;
  readonly result_redacted_summary?: string;
  readonly executor_metadata?: JsonObject;
  readonly risk_level?: RiskLevel;
  readonly risk_flags?: readonly RiskFlag[];
  readonly sandbox_mode?: SandboxMode;
  readonly network_mode?: "deny" | "allowlist" | "open";
  readonly credential_lease_ids?: readonly string[];
  readonly assurance_level?: AssuranceLevel;
  readonly action_summary?: string;
  readonly decision?: Verdict;
  readonly reason?: string;
  readonly external_reason?: string;
  readonly tags?: readonly string[];
}

/** An event with its place in the chain, as it is stored. */
export interface AuditRecord extends AuditEvent {
  readonly schema_version: "v1";
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  /** Counts from 1 within a chain. */
  readonly seq: number;
  readonly chain_id: string;
  /** Absent in the first event of a chain. */
  readonly prev_event_hash?: string;
  readonly event_hash: string;
}
