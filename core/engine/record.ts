import { canonicalJson, type JsonObject } from "../encoding/mod.ts";
import {
  type ActionFacts,
  type AuditEvent,
  type Decision,
  meaningOf,
  type ReasonCode,
  type ResultClass,
  type Terms,
} from "../model/mod.ts";
import { effectiveSandbox, NO_TERMS, termsToJson } from "../obligations/mod.ts";
import { type Redactor, scrubJson, summarize } from "../redact/mod.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Walk } from "./walk.ts";

/** Trace id of events that belong to no trace, and action id of events about no action. */
export const NO_TRACE = "-";

/** How an action ended, as its completion is recorded. */
export interface Ending {
  readonly reason: ReasonCode;
  /** Replaces the class that the reason implies. */
  readonly resultClass?: ResultClass;
  readonly metadata?: JsonObject;
  readonly resultSummary?: string;
  readonly leaseIds?: readonly string[];
  readonly approval?: { readonly id: string; readonly fingerprint: string };
}

/** The two events that precede an effect: the trace begins, and this was decided. */
export function openingEvents(
  walk: Walk,
  reason: ReasonCode,
  ending: Partial<Ending> = {},
): AuditEvent[] {
  const base = baseEvent(walk, reason, ending);
  return [traceEvent(walk, "trace.start"), {
    ...base,
    event_type: "action.decision",
    ...classify(reason, ending),
  }];
}

/** The two events that close an action: how it ended, and the trace ends. */
export function closingEvents(walk: Walk, ending: Ending): AuditEvent[] {
  const base = baseEvent(walk, ending.reason, ending);
  return [
    {
      ...base,
      event_type: "action.completed",
      ...classify(ending.reason, ending),
      duration_ms: Math.round(walk.elapsedMs()),
      ...(ending.resultSummary ? { result_redacted_summary: ending.resultSummary } : {}),
    },
    traceEvent(walk, "trace.end"),
  ];
}

/** All four events of an action that has no effect. */
export function wholeStory(walk: Walk, ending: Ending): AuditEvent[] {
  return [...openingEvents(walk, ending.reason, ending), ...closingEvents(walk, ending)];
}

/** Somebody was asked, or what somebody approved is being used. */
export function approvalEvent(
  walk: Walk,
  type: "approval.requested" | "approval.applied",
  approval: Ending["approval"],
): AuditEvent {
  return {
    ...baseEvent(
      walk,
      walk.decision?.reason ?? "require_approval_by_rule",
      approval ? { approval } : {},
    ),
    event_type: type,
  };
}

function classify(
  reason: ReasonCode,
  ending: Partial<Ending>,
): Pick<AuditEvent, "result_classification" | "retryable"> {
  const meaning = meaningOf(reason);
  return {
    result_classification: ending.resultClass ?? meaning.resultClass,
    retryable: meaning.retryable,
  };
}

function traceEvent(walk: Walk, type: "trace.start" | "trace.end"): AuditEvent {
  return {
    event_type: type,
    trace_id: walk.submitted?.traceId ?? NO_TRACE,
    ...(walk.submitted ? { action_id: walk.submitted.actionId } : {}),
    ...whoOf(walk),
  };
}

function whoOf(walk: Walk): Pick<AuditEvent, "principal" | "agent" | "environment"> {
  const who = walk.identity;
  return who ? { principal: who.principal, agent: who.agent, environment: who.environment } : {};
}

function baseEvent(
  walk: Walk,
  reason: ReasonCode,
  ending: Partial<Ending>,
): Omit<AuditEvent, "event_type"> {
  const { snapshot, submitted, action, decision } = walk;
  const verdict = decision?.verdict ?? "DENY";
  return {
    trace_id: submitted?.traceId ?? NO_TRACE,
    ...(submitted
      ? requested(submitted.actionId, submitted.type, submitted.resource, snapshot.redactor)
      : {}),
    ...whoOf(walk),
    ...(action ? ofFacts(action.facts, snapshot.redactor) : {}),
    ...ofDecision(decision, snapshot),
    ...(action ? modes(action.facts, decision, snapshot) : {}),
    decision: verdict === "ALLOW" && meaningOf(reason).kind === "error" ? "ALLOW" : verdict,
    reason: meaningOf(reason).wire,
    engine_version: snapshot.engineVersion,
    assurance_level: snapshot.assurance,
    ...(ending.metadata && Object.keys(ending.metadata).length > 0
      ? { executor_metadata: scrubJson(snapshot.redactor, ending.metadata).value }
      : {}),
    ...(ending.leaseIds?.length ? { credential_lease_ids: ending.leaseIds } : {}),
    ...(ending.approval
      ? { approval_id: ending.approval.id, action_fingerprint: ending.approval.fingerprint }
      : {}),
  };
}

function requested(
  actionId: string,
  type: string,
  resource: string,
  redactor: Redactor,
): Partial<AuditEvent> {
  const safe = summarize(redactor, resource, 1024);
  return {
    action_id: actionId,
    action_type: type,
    resource: safe,
    action_summary: `${type} ${safe}`,
  };
}

function ofFacts(facts: ActionFacts, redactor: Redactor): Partial<AuditEvent> {
  const resource = redactor.scrub(facts.resource);
  return {
    resource_normalized: resource,
    action_summary: `${facts.type} ${resource}`,
    params_hash: facts.paramsHash,
    params_redacted_summary: summarize(
      redactor,
      canonicalJson(scrubJson(redactor, facts.params).value),
    ),
    risk_level: facts.riskLevel,
    risk_flags: facts.riskFlags,
  };
}

function ofDecision(decision: Decision | undefined, snapshot: Snapshot): Partial<AuditEvent> {
  const provenance = decision?.provenance ?? snapshot.policy.provenance;
  const terms = termsOf(decision);
  const several = provenance.sources.length > 1;
  return {
    policy_bundle_hash: provenance.hash,
    ...(several
      ? { policy_bundle_sources: provenance.sources, policy_bundle_inputs: provenance.inputs }
      : {}),
    ...(decision ? { matched_rule_ids: decision.rules } : {}),
    ...(terms ? { obligations: termsToJson(terms) } : {}),
    ...(terms?.tags ? { tags: terms.tags } : {}),
    ...(decision?.externalReason ? { external_reason: decision.externalReason } : {}),
  };
}

function termsOf(decision: Decision | undefined): Terms | undefined {
  return decision && decision.verdict !== "DENY" ? decision.terms : undefined;
}

function modes(
  facts: ActionFacts,
  decision: Decision | undefined,
  snapshot: Snapshot,
): Partial<AuditEvent> {
  const { offer } = snapshot.settings;
  if (facts.type === "process.exec" && offer) {
    const sandbox = effectiveSandbox(termsOf(decision) ?? NO_TERMS, offer);
    const confined = sandbox !== "none" && !offer.execNetwork;
    return { sandbox_mode: sandbox, network_mode: confined ? "deny" : "open" };
  }
  return { network_mode: facts.type === "net.http_request" ? "allowlist" : "deny" };
}
