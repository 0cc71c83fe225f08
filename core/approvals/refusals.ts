import { echo } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import { type ApprovalRecord, rfc3339 } from "./record.ts";

/** There is no such approval, or none that whoever asks may know of. */
export function unknownApproval(id: string): Refusal {
  return refuse(
    "approval_unknown",
    `Cannot find approval "${echo(id)}": there is none, expected the approval_id of a response`,
  );
}

/** Nobody may decide it any more. */
export function expiredApproval({ id, expiresAtMs }: ApprovalRecord): Refusal {
  return refuse(
    "approval_expired",
    `Cannot decide approval "${id}": it expired at ${rfc3339(expiresAtMs)}, expected a new request`,
  );
}

/** It was decided the other way, or its decision was acted on. */
export function conflictingDecision({ id, status }: ApprovalRecord): Refusal {
  const state = status === "USED" ? "it was already used" : `it is already ${status.toLowerCase()}`;
  return refuse("approval_conflict", `Cannot decide approval "${id}": ${state}`);
}

/** Somebody decides what they asked for themselves. */
export function ownRequest({ id }: ApprovalRecord): Refusal {
  return refuse(
    "forbidden",
    `Cannot decide approval "${id}": it was asked for by the same principal, expected another`,
  );
}

/** Somebody who was not named as an approver decides. */
export function notAnApprover(principal: string | undefined): Refusal {
  return refuse(
    "forbidden",
    `Cannot decide approvals as "${echo(principal ?? "")}": expected one of approver_principals`,
  );
}
