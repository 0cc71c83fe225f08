import { type Canonicalizable, canonicalJson, cutText } from "../encoding/mod.ts";
import type { AuditEvent } from "../model/mod.ts";

/** Longest summary an event keeps, in bytes of UTF-8. */
const MAX_SUMMARY_BYTES = 256;

/**
 * An event whose canonical form is written but for its place in the chain: the texts are the runs of members between
 * `chain_id`, `event_hash`, `prev_event_hash` and `seq`.
 *
 * Members have known names, so they are written in sorted order instead of being sorted; that halves the cost of an
 * event.
 */
export interface Draft {
  readonly event: AuditEvent;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  readonly beforeChain: string;
  readonly beforeHash: string;
  readonly beforePrevious: string;
  readonly beforeSeq: string;
  readonly afterSeq: string;
}

/**
 * Writes the members of an event. Members that are empty (no text, no items, no members) are left out.
 *
 * Canonical JSON writes a number with a fraction as a string, so `duration_ms` is rounded to whole milliseconds; numbers
 * with a fraction inside `obligations` and `executor_metadata` are stored as such strings.
 *
 * @param event redacted already
 * @param timestamp when it happened, RFC 3339 UTC
 * @throws {TypeError} on a value JSON has no form for: a fault in our code
 */
export function draftEvent(event: AuditEvent, timestamp: string): Draft {
  return {
    event,
    timestamp,
    beforeChain: text("action_fingerprint", event.action_fingerprint) +
      text("action_id", event.action_id) +
      text("action_summary", event.action_summary) +
      text("action_type", event.action_type) +
      text("agent", event.agent) +
      text("approval_id", event.approval_id) +
      text("assurance_level", event.assurance_level),
    beforeHash: list("credential_lease_ids", event.credential_lease_ids) +
      text("decision", event.decision) +
      whole("duration_ms", event.duration_ms) +
      text("engine_version", event.engine_version) +
      text("environment", event.environment),
    beforePrevious: text("event_type", event.event_type) +
      members("executor_metadata", event.executor_metadata) +
      text("external_reason", event.external_reason) +
      list("matched_rule_ids", event.matched_rule_ids) +
      text("network_mode", event.network_mode) +
      members("obligations", event.obligations) +
      text("params_hash", event.params_hash) +
      summary("params_redacted_summary", event.params_redacted_summary) +
      text("policy_bundle_hash", event.policy_bundle_hash) +
      inputs(event.policy_bundle_inputs) +
      list("policy_bundle_sources", event.policy_bundle_sources),
    beforeSeq: text("principal", event.principal) +
      text("reason", event.reason) +
      text("resource", event.resource) +
      text("resource_normalized", event.resource_normalized) +
      text("result_classification", event.result_classification) +
      summary("result_redacted_summary", event.result_redacted_summary) +
      (event.retryable === undefined ? "" : `"retryable":${event.retryable},`) +
      list("risk_flags", event.risk_flags) +
      text("risk_level", event.risk_level) +
      text("sandbox_mode", event.sandbox_mode) +
      '"schema_version":"v1",',
    afterSeq: "," + list("tags", event.tags) +
      `"timestamp":"${timestamp}","trace_id":${canonicalJson(event.trace_id)}}`,
  };
}

function text(name: string, value: string | undefined): string {
  return value === undefined || value === "" ? "" : `"${name}":${canonicalJson(value)},`;
}

function summary(name: string, value: string | undefined): string {
  if (value === undefined || value.length * 3 <= MAX_SUMMARY_BYTES) return text(name, value);
  return text(name, cutText(value, { maxBytes: MAX_SUMMARY_BYTES }).text);
}

function whole(name: string, value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  return `"${name}":${canonicalJson(Math.round(value))},`;
}

function list(name: string, value: readonly string[] | undefined): string {
  return value === undefined || value.length === 0 ? "" : `"${name}":${canonicalJson(value)},`;
}

function members(
  name: string,
  value: { readonly [member: string]: Canonicalizable } | undefined,
): string {
  if (value === undefined) return "";
  const written = canonicalJson(value);
  return written === "{}" ? "" : `"${name}":${written},`;
}

function inputs(value: AuditEvent["policy_bundle_inputs"]): string {
  if (value === undefined || value.length === 0) return "";
  const plain = value.map(({ path, hash, role }) => ({ path, hash, role }));
  return `"policy_bundle_inputs":${canonicalJson(plain)},`;
}
