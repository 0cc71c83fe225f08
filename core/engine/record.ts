import type { NormalizedAction } from "../actions/mod.ts";
import { canonicalJson, type JsonObject } from "../encoding/mod.ts";
import {
  type ActionFacts,
  type AuditEvent,
  type Decision,
  meaningOf,
  type ReasonCode,
  type ResultClass,
  type RuntimeOffer,
  type SandboxMode,
  type Terms,
  type Verdict,
} from "../model/mod.ts";
import { effectiveSandbox, hostsOf, NO_TERMS, termsToJson } from "../obligations/mod.ts";
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
  /** Without an id when approvals are off. */
  readonly approval?: { readonly id?: string; readonly fingerprint: string };
}

/** The two events that precede an effect: the trace begins, and this was decided. */
export function openingEvents(
  walk: Walk,
  reason: ReasonCode,
  ending: Partial<Ending> = {},
): AuditEvent[] {
  return [
    traceEvent(walk, "trace.start"),
    decisionEvent(baseEvent(walk, reason, ending), reason, ending),
  ];
}

/** The two events that close an action: how it ended, and the trace ends. */
export function closingEvents(walk: Walk, ending: Ending): AuditEvent[] {
  return [
    completionEvent(walk, baseEvent(walk, ending.reason, ending), ending),
    traceEvent(walk, "trace.end"),
  ];
}

/** All four events of an action that has no effect. */
export function wholeStory(walk: Walk, ending: Ending): AuditEvent[] {
  const base = baseEvent(walk, ending.reason, ending);
  return [
    traceEvent(walk, "trace.start"),
    decisionEvent(base, ending.reason, ending),
    completionEvent(walk, base, ending),
    traceEvent(walk, "trace.end"),
  ];
}

type BaseEvent = Omit<AuditEvent, "event_type">;

function decisionEvent(base: BaseEvent, reason: ReasonCode, ending: Partial<Ending>): AuditEvent {
  return { ...base, event_type: "action.decision", ...classify(reason, ending) };
}

function completionEvent(walk: Walk, base: BaseEvent, ending: Ending): AuditEvent {
  return {
    ...base,
    event_type: "action.completed",
    ...classify(ending.reason, ending),
    duration_ms: Math.round(walk.elapsedMs()),
    ...(ending.resultSummary ? { result_redacted_summary: ending.resultSummary } : {}),
  };
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

function baseEvent(walk: Walk, reason: ReasonCode, ending: Partial<Ending>): BaseEvent {
  const { snapshot, submitted, action, decision } = walk;
  return {
    trace_id: submitted?.traceId ?? NO_TRACE,
    ...aboutAction(walk),
    ...whoOf(walk),
    ...ofDecision(decision, snapshot),
    ...(action?.type.execution === "nomos" ? modes(action.facts, decision, snapshot) : {}),
    decision: verdictOf(decision, reason),
    reason: meaningOf(reason).wire,
    engine_version: snapshot.engineVersion,
    assurance_level: snapshot.assurance,
    ...(ending.metadata && Object.keys(ending.metadata).length > 0
      ? { executor_metadata: scrubJson(snapshot.redactor, ending.metadata).value }
      : {}),
    ...ofLeases(action?.facts.facets.leaseIds, ending),
    ...(ending.approval?.id ? { approval_id: ending.approval.id } : {}),
    ...(ending.approval ? { action_fingerprint: ending.approval.fingerprint } : {}),
  };
}

const LEASE_ID = /^lease_[0-9a-f]{24}$/;

/** The leases an action was given, else those it asks for: before it runs, and when it fails, that is what is known. */
function ofLeases(
  asked: readonly string[] | undefined,
  { leaseIds }: Partial<Ending>,
): Partial<AuditEvent> {
  // What is no lease may be anything, a secret by mistake included.
  const ids = leaseIds ?? asked?.filter((id) => LEASE_ID.test(id)) ?? [];
  return ids.length === 0 ? {} : { credential_lease_ids: ids };
}

/** An ALLOW that the world took back (a protected file, a refused address) is a DENY; a failed execution is not. */
function verdictOf(decision: Decision | undefined, reason: ReasonCode): Verdict {
  if (decision?.verdict !== "ALLOW") return decision?.verdict ?? "DENY";
  const allowed = reason === "allow_by_rule" || reason === "allow_by_approval";
  return allowed || meaningOf(reason).kind === "error" ? "ALLOW" : "DENY";
}

/** What is said of the action itself, redacted; worked out once, since several events repeat it. */
function aboutAction(walk: Walk): Partial<AuditEvent> {
  const { submitted, action, snapshot: { redactor } } = walk;
  if (!submitted) return NOTHING;
  walk.told ??= action
    ? {
      ...requested(submitted.actionId, submitted.type, submitted.resource, redactor),
      ...ofAction(action, redactor),
    }
    : undefined;
  return walk.told ?? requested(submitted.actionId, submitted.type, submitted.resource, redactor);
}

const NOTHING: Partial<AuditEvent> = Object.freeze({});

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

function ofAction({ type, facts }: NormalizedAction, redactor: Redactor): Partial<AuditEvent> {
  const params = type.forRecord?.(facts.params) ?? facts.params;
  const resource = redactor.scrub(facts.resource);
  return {
    resource_normalized: resource,
    action_summary: `${facts.type} ${resource}`,
    params_hash: facts.paramsHash,
    params_redacted_summary: summarize(
      redactor,
      canonicalJson(scrubJson(redactor, params).value),
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
    ...(terms ? { obligations: termsToJson(terms, { extras: true }) } : {}),
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
    const terms = termsOf(decision) ?? NO_TERMS;
    const sandbox = effectiveSandbox(terms, offer);
    const open = hasNetwork(sandbox, terms, offer);
    return { sandbox_mode: sandbox, network_mode: open ? "open" : "deny" };
  }
  return { network_mode: facts.type === "net.http_request" ? "allowlist" : "deny" };
}

/** Whether a process can reach any host. A container has its own rule against it, which was probed at the start. */
function hasNetwork(sandbox: SandboxMode, terms: Terms, offer: RuntimeOffer): boolean {
  if (sandbox !== "local") return sandbox === "none";
  if (offer.sandbox.available && offer.sandbox.processLevel) return true;
  return offer.execNetwork && hostsOf(terms.net_allowlist ?? []).length > 0;
}
