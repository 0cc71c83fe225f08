import type { ExecutedMeta } from "../actions/mod.ts";
import type { Recorder } from "../audit/mod.ts";
import { type AllowDecision, type Refusal, refuse } from "../model/mod.ts";
import { scrubJson } from "../redact/mod.ts";
import type { Disclosed } from "./disclose.ts";
import { approvalEvent, closingEvents, type Ending, wholeStory } from "./record.ts";
import {
  allowedReply,
  approvalReply,
  deniedReply,
  externalReply,
  refusalReply,
  type Reply,
} from "./respond.ts";
import type { Settled } from "./settle.ts";
import type { Walk } from "./walk.ts";

// How a walk ends: each way puts its end on record first and then answers.

/** Refused before policy was asked. */
export async function refused(walk: Walk, recorder: Recorder, refusal: Refusal): Promise<Reply> {
  const ending: Ending = {
    reason: refusal.code,
    ...(refusal.metadata ? { metadata: refusal.metadata } : {}),
  };
  const recorded = await recorder.record(wholeStory(walk, ending));
  return refusalReply(recorded.ok ? refusal : recorded.reason, walk.ids);
}

/** Denied, or waiting for a human. */
export async function withheld(
  walk: Walk,
  recorder: Recorder,
  settled: Exclude<Settled, { kind: "allowed" }>,
): Promise<Reply> {
  walk.enter("record");
  walk.decision = settled.decision;
  const approval = settled.kind === "waiting" ? settled.approval : undefined;
  const reason = settled.decision.reason;
  const events = wholeStory(walk, { reason, ...(approval ? { approval } : {}) });
  if (settled.kind === "waiting" && settled.approval.created) {
    events.splice(2, 0, approvalEvent(walk, "approval.requested", approval));
  }
  const recorded = await recorder.record(events);
  if (!recorded.ok) return refusalReply(recorded.reason, walk.ids);
  return settled.kind === "denied"
    ? deniedReply(settled.decision, walk.ids)
    : approvalReply(settled.decision, settled.approval, walk.ids);
}

/** Authorized, for the caller to execute. */
export async function authorized(
  walk: Walk,
  recorder: Recorder,
  decision: AllowDecision,
  start: Ending,
): Promise<Reply> {
  const metadata = { execution_mode: "external_authorized", nomos_executed: false };
  const events = wholeStory(walk, { ...start, metadata });
  if (start.approval) events.splice(2, 0, approvalEvent(walk, "approval.applied", start.approval));
  const recorded = await recorder.record(events);
  return recorded.ok ? externalReply(decision, walk.ids) : refusalReply(recorded.reason, walk.ids);
}

/** Performed. */
export async function completed(
  walk: Walk,
  recorder: Recorder,
  start: Ending,
  done: {
    readonly decision: AllowDecision;
    readonly disclosed: Disclosed;
    readonly meta: ExecutedMeta;
  },
): Promise<Reply> {
  walk.enter("record");
  const { disclosed, meta } = done;
  await recorder.recordAfter(closingEvents(walk, {
    ...start,
    metadata: disclosed.metadata,
    resultSummary: disclosed.summary,
    ...(meta.credential_lease_ids ? { leaseIds: meta.credential_lease_ids } : {}),
  }));
  return allowedReply(done.decision, walk.ids, { disclosed, meta });
}

/** Allowed, and then it did not work out. */
export async function failed(
  walk: Walk,
  recorder: Recorder,
  refusal: Refusal,
  start: Ending,
): Promise<Reply> {
  const patterns = walk.decision?.verdict === "ALLOW" ? walk.decision.terms.redact ?? [] : [];
  const redactor = walk.snapshot.redactor.with({ patterns });
  const safe = { ...refusal, message: redactor.scrub(refusal.message) };
  await recorder.recordAfter(closingEvents(walk, {
    ...start,
    reason: refusal.code,
    ...(refusal.metadata ? { metadata: scrubJson(redactor, refusal.metadata).value } : {}),
    resultSummary: safe.message.slice(0, 256),
  }));
  return refusalReply(safe, walk.ids);
}

/** A bug or a broken machine: told without details, and on record like everything else. */
export async function faulted(walk: Walk, recorder: Recorder): Promise<Reply> {
  const refusal = refuse("internal_error", "Nomos failed inside; the operator's log says where");
  const ending: Ending = { reason: refusal.code };
  await recorder.recordAfter(
    walk.recorded ? closingEvents(walk, ending) : wholeStory(walk, ending),
  );
  return refusalReply(refusal, walk.ids);
}
