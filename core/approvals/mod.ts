export { fingerprintOf } from "./fingerprint.ts";
export { type Binding, bindingOf, type ScopeType } from "./scope.ts";
export {
  APPROVAL_STATUSES,
  type ApprovalRecord,
  type ApprovalStatus,
  type DecisionChannel,
  isLive,
  rfc3339,
} from "./record.ts";
export {
  type ApprovalPorts,
  Approvals,
  type ApprovalSettings,
  type ApprovalVote,
  type Decided,
  type Decider,
  MAX_WAIT_MS,
  type Requested,
} from "./approvals.ts";
export type { ApprovalQuery } from "./store.ts";
export { MAX_PREVIEW_BYTES, previewOf } from "./preview.ts";
