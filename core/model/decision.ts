import type { ReasonCode } from "./reason.ts";
import type { Refusal } from "./refusal.ts";
import type { Terms } from "./terms.ts";

/** What a rule, and in the end Nomos, says. */
export type Verdict = "ALLOW" | "DENY" | "REQUIRE_APPROVAL";

/** One bundle that went into a decision. */
export interface BundleInput {
  readonly path: string;
  readonly hash: string;
  readonly role?: BundleRole;
}

/** What a bundle is for, when several are merged. */
export type BundleRole = "baseline" | "org" | "repo" | "env" | "local_override";

/** Which policy decided. */
export interface BundleProvenance {
  readonly hash: string;
  /** `path#hash` of each bundle, in merge order. */
  readonly sources: readonly string[];
  readonly inputs: readonly BundleInput[];
}

interface Decided {
  /**
   * Ids of the rules of the deciding class, sorted. Where terms could not be met: of the rules that set the terms;
   * where exec models conflict: of the rules in conflict.
   */
  readonly rules: readonly string[];
  readonly provenance: BundleProvenance;
  /** Text of the deciding rules for the agent (`message` members, in rule-id order). */
  readonly message?: string;
  /** The reason an external backend gave, kept beside ours. */
  readonly externalReason?: string;
}

/** Policy allows, under terms. */
export interface AllowDecision extends Decided {
  readonly verdict: "ALLOW";
  readonly reason: "allow_by_rule" | "allow_by_approval";
  readonly terms: Terms;
}

/** Policy, or what the runtime cannot honour of it, denies. */
export interface DenyDecision extends Decided {
  readonly verdict: "DENY";
  readonly reason: ReasonCode;
  /** What was refused ahead of the action although rules would let it through, and what to do about it. */
  readonly refusal?: Refusal;
}

/** Policy wants a human to agree first. */
export interface ApprovalDecision extends Decided {
  readonly verdict: "REQUIRE_APPROVAL";
  readonly reason: "require_approval_by_rule";
  readonly terms: Terms;
}

/** The answer of policy to one action. */
export type Decision = AllowDecision | DenyDecision | ApprovalDecision;
