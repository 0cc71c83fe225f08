import type { Glob, JsonObject, Position } from "../encoding/mod.ts";
import type { RiskFlag, Terms, Verdict } from "../model/mod.ts";
import type { ParamCondition } from "./params_match.ts";

/** Where a rule stands, for people who look for it. */
export interface RulePlace {
  readonly file: string;
  /** JSON pointer of the rule in its file. */
  readonly pointer: string;
  /** Line and column; worked out when asked for the first time. */
  position(): Position | undefined;
}

/** One rule of a bundle, typed and ready to match. */
export interface Rule {
  readonly id: string;
  /** An exact type, or `*`. */
  readonly actionType: string;
  /** The pattern as it was written. */
  readonly resource: string;
  readonly glob: Glob;
  /** The same pattern for resources whose case was folded away; absent on ALLOW, which never folds. */
  readonly foldedGlob?: Glob;
  readonly decision: Verdict;
  /** Empty: any. */
  readonly principals: readonly string[];
  /** Empty: any. */
  readonly agents: readonly string[];
  /** Empty: any. */
  readonly environments: readonly string[];
  /** All must be present on the action. */
  readonly riskFlags: readonly RiskFlag[];
  /** `riskFlags` as bits. */
  readonly riskMask: number;
  readonly argvPatterns?: readonly (readonly string[])[];
  readonly paramsMatch: readonly ParamCondition[];
  /** The rule's obligations, `exec_constraints` included. */
  readonly terms: Terms;
  readonly description?: string;
  /** Shown to the agent when this rule decides. */
  readonly message?: string;
  /** From this Unix time in milliseconds on the rule is as if absent. */
  readonly expiresAtMs?: number;
  readonly place: RulePlace;
  /** `path#hash` of its bundle. */
  readonly bundleSource: string;
}

/** One bundle that was read and checked. */
export interface ParsedBundle {
  /** The path it was read from, as the user knows it. */
  readonly file: string;
  readonly hash: string;
  /** In the order of the file. */
  readonly rules: readonly Rule[];
  /** The typed form that was hashed: empty optional members are left out. */
  readonly typed: JsonObject;
}
