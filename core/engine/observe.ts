import type { RateLimitAnswer } from "../limits/mod.ts";
import type { Observer } from "../ports/mod.ts";
import type { Reply } from "./respond.ts";
import type { Walk } from "./walk.ts";

/** Tells the observers how an action went. */
export function observeAction(observers: readonly Observer[], walk: Walk, reply: Reply): void {
  if (observers.length === 0) return;
  walk.leave();
  for (const observer of observers) {
    observer.action({
      traceId: walk.submitted?.traceId,
      traceparent: walk.arrival.traceparent,
      transport: walk.arrival.transport,
      actionType: walk.action?.type.name,
      verdict: reply.body.decision,
      reason: reply.reason,
      durationMs: walk.elapsedMs(),
      stages: walk.stages,
    });
  }
}

/** Tells the observers which quotas counted an action, or which one was empty. */
export function observeQuota(
  observers: readonly Observer[],
  actionType: string,
  answer: RateLimitAnswer,
): void {
  for (const observer of observers) {
    if (!observer.rateLimit) continue;
    if (answer.ok) {
      for (const { id, scope } of answer.value) {
        observer.rateLimit({ result: "allowed", ruleId: id, scope, actionType });
      }
      continue;
    }
    const { rate_limit_rule_id: ruleId, rate_limit_scope: scope } = answer.reason.metadata ?? {};
    observer.rateLimit({
      result: "exceeded",
      ruleId: String(ruleId),
      scope: String(scope),
      actionType,
    });
  }
}
