import { checkApprovals } from "./approvals.ts";
import { checkAudit } from "./audit.ts";
import { checkExecutor } from "./executor.ts";
import { checkGateway } from "./gateway.ts";
import { checkIdentity } from "./identity.ts";
import { checkMcp } from "./mcp.ts";
import { checkPolicy } from "./policy.ts";
import { checkRateLimits } from "./rate_limits.ts";
import { checkRedaction } from "./redaction.ts";
import type { Rule } from "./rule.ts";

/** All rules beyond names, types and ranges. */
export const RULES: readonly Rule[] = [
  checkGateway,
  checkPolicy,
  checkExecutor,
  checkAudit,
  checkApprovals,
  checkIdentity,
  checkRateLimits,
  checkMcp,
  checkRedaction,
];

export type { RuleContext } from "./rule.ts";
