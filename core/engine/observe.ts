import type { RateLimitAnswer } from "../limits/mod.ts";
import type { Observer } from "../ports/mod.ts";
import type { Reply } from "./respond.ts";
import type { EngineParts } from "./parts.ts";
import type { Walk } from "./walk.ts";

/** Who is told, and who hears of an observer that fails. */
type Audience = Pick<EngineParts, "observers" | "onFault">;

/** Tells the observers how an action went. */
export function observeAction(audience: Audience, walk: Walk, reply: Reply): void {
  if (audience.observers.length === 0) return;
  walk.leave();
  tell(audience, (observer) =>
    observer.action({
      traceId: walk.submitted?.traceId,
      traceparent: walk.arrival.traceparent,
      transport: walk.arrival.transport,
      actionType: walk.action?.type.name,
      verdict: reply.body.decision,
      reason: reply.reason,
      durationMs: walk.elapsedMs(),
      stages: walk.stages,
    }));
}

/** Tells the observers which quotas counted an action, or which one was empty. */
export function observeQuota(
  audience: Audience,
  actionType: string,
  answer: RateLimitAnswer,
): void {
  tell(audience, (observer) => {
    if (!observer.rateLimit) return;
    if (answer.ok) {
      for (const { id, scope } of answer.value) {
        observer.rateLimit({ result: "allowed", ruleId: id, scope, actionType });
      }
      return;
    }
    const { rate_limit_rule_id: ruleId, rate_limit_scope: scope } = answer.reason.metadata ?? {};
    observer.rateLimit({
      result: "exceeded",
      ruleId: String(ruleId),
      scope: String(scope),
      actionType,
    });
  });
}

/** INVARIANT: what observers do, failing included, changes no decision and no answer. */
function tell({ observers, onFault }: Audience, what: (observer: Observer) => void): void {
  for (const observer of observers) {
    try {
      what(observer);
    } catch (fault) {
      onFault?.(fault);
    }
  }
}
