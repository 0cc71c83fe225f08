export {
  Breaker,
  type BreakerClosedDoor,
  type BreakerPass,
  type BreakerSettings,
  type BreakerState,
  type BreakerTransition,
} from "./breaker.ts";
export {
  GatewayGuards,
  type GatewayGuardSettings,
  type GuardedEnd,
  type GuardPass,
} from "./gateway_guards.ts";
export {
  createRateLimits,
  MemoryRateLimits,
  type RateLimitAnswer,
  type RateLimitPorts,
  type RateLimits,
  type RateLimitSettings,
} from "./rate_limits.ts";
export type { RateLimitRule, RateLimitScope, RateSubject } from "./rate_rule.ts";
export { Semaphore } from "./semaphore.ts";
export { assertRate, type BucketRate, MAX_TOKENS } from "./token_bucket.ts";
export {
  TraceCounter,
  type TraceCounterSettings,
  type TraceOwner,
  UNCOUNTED,
} from "./trace_counter.ts";
