import { compileGlob, type Glob } from "../encoding/mod.ts";
import { assertRate, type BucketRate } from "./token_bucket.ts";

/** What the buckets of a rule are kept apart by. */
export type RateLimitScope = "principal_action" | "principal_resource" | "global_tool";

/** One quota, as configured. Absent, empty and `*` principals and action types mean any. */
export interface RateLimitRule extends BucketRate {
  /** Unique over all scopes. */
  readonly id: string;
  readonly scope: RateLimitScope;
  readonly principal?: string;
  /** Compared exactly. */
  readonly actionType?: string;
  /** Policy pattern over the normalized resource. */
  readonly resource?: string;
}

/** What a quota looks at. */
export interface RateSubject {
  readonly principal: string;
  readonly actionType: string;
  /** As normalized. */
  readonly resource: string;
}

/** A quota that is ready to match. */
export class CompiledRateRule {
  readonly rule: RateLimitRule;
  /** Absent: every action type. */
  readonly actionType: string | undefined;
  readonly #number: number;
  readonly #principal: string | undefined;
  readonly #resource: Glob | undefined;

  /**
   * @param number the rule's place among all, which tells its buckets from those of others
   * @throws {RangeError} on a rate or pattern that configuration should have refused
   */
  constructor(rule: RateLimitRule, number: number) {
    assertRate(rule);
    this.rule = rule;
    this.#number = number;
    this.actionType = anyOr(rule.actionType);
    this.#principal = anyOr(rule.principal);
    this.#resource = rule.resource ? globOf(rule.resource) : undefined;
  }

  /** Whether the rule counts this action. The action type was looked at before. */
  covers(subject: RateSubject): boolean {
    return (this.#principal === undefined || this.#principal === subject.principal) &&
      (this.#resource === undefined || this.#resource.matches(subject.resource));
  }

  /** The bucket's name, as audit and answers show it. */
  bucketKey(subject: RateSubject): string {
    const { id, scope } = this.rule;
    switch (scope) {
      case "principal_action":
        return `principal_action|${id}|${subject.principal}|${subject.actionType}`;
      case "principal_resource":
        return `principal_resource|${id}|${subject.principal}|${subject.resource}`;
      case "global_tool":
        return `global_tool|${id}|${subject.actionType}`;
    }
  }

  /** A short name of the bucket that no other bucket has, whatever characters the names contain. */
  tableKey({ principal, actionType, resource }: RateSubject): string {
    switch (this.rule.scope) {
      case "principal_action":
        return `${this.#number}|${principal.length}|${principal}|${actionType}`;
      case "principal_resource":
        return `${this.#number}|${principal.length}|${principal}|${resource}`;
      case "global_tool":
        return `${this.#number}|${actionType}`;
    }
  }
}

function anyOr(value: string | undefined): string | undefined {
  return value === undefined || value === "" || value === "*" ? undefined : value;
}

function globOf(pattern: string): Glob {
  const glob = compileGlob(pattern);
  if (!glob.ok) throw new RangeError(`Cannot limit "${pattern}": ${glob.reason}`);
  return glob.value;
}
