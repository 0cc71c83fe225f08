import {
  echo,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  nearest,
  pointerToken,
  type Problem,
  type Result,
} from "../encoding/mod.ts";
import { fail, ok } from "../encoding/mod.ts";
import type { Refusal, Terms } from "../model/mod.ts";
import { EXTRA_PREFIX } from "./extras.ts";
import type { JudgeContext, ObligationPlace } from "./obligation.ts";
import { OBLIGATIONS, type RegisteredObligation, type TermsDraft } from "./registry.ts";
import { unfitProblem } from "./values.ts";

const BY_NAME: ReadonlyMap<string, RegisteredObligation> = new Map(
  OBLIGATIONS.filter((one) => one.schema !== undefined).map((one) => [one.name, one]),
);
const EXTRAS = OBLIGATIONS.find((one) => one.name === "extras");
const JUDGES = OBLIGATIONS.flatMap((one) => one.judge === undefined ? [] : [one.judge]);

/** No obligations at all. */
export const NO_TERMS: Terms = Object.freeze({});

/**
 * Parses the `obligations` of one rule.
 *
 * @param value as the bundle writes it; `null` means none
 * @param at where it stands, and in which rule
 * @returns the terms, or every problem with them: a typo must not loosen anything
 */
export function parseTerms(
  value: JsonValue,
  at: ObligationPlace,
): Result<Terms, readonly Problem[]> {
  if (value === null) return ok(NO_TERMS);
  if (!isJsonObject(value)) {
    return fail([unfitProblem(value, at.pointer, "an object of obligations")]);
  }
  const draft: TermsDraft = {};
  const problems: Problem[] = [];
  for (const [name, member] of Object.entries(value)) {
    const pointer = `${at.pointer}/${pointerToken(name)}`;
    const obligation = name.startsWith(EXTRA_PREFIX) ? EXTRAS : BY_NAME.get(name);
    if (obligation === undefined) problems.push({ pointer, message: unknown(name) });
    else problems.push(...obligation.parseInto(draft, member, { pointer, rule: at.rule }));
  }
  return problems.length > 0 ? fail(problems) : ok(Object.freeze(draft));
}

function unknown(name: string): string {
  if (name === "exec_constraints") {
    return `Cannot set obligation "exec_constraints": it is derived from exec_match, expected exec_match on the rule`;
  }
  const close = nearest(name, [...BY_NAME.keys()]);
  const wish = close === undefined
    ? `one of ${[...BY_NAME.keys()].sort().join(", ")}, or a name of your own that begins with x_`
    : `"${close}" or a name of your own that begins with x_`;
  return `Cannot set obligation "${echo(name, 60)}": unknown, expected ${wish}`;
}

/**
 * Merges the terms of several rules into one, always the stricter.
 *
 * INVARIANT: the order and the number of times terms are named never matter.
 *
 * @example
 * ```ts
 * mergeTerms([{ timeout_ms: 500 }, { timeout_ms: 200 }]).timeout_ms; // 200
 * ```
 */
export function mergeTerms(list: readonly Terms[]): Terms {
  const [first, ...others] = list;
  if (first === undefined) return NO_TERMS;
  if (others.length === 0) return first;
  const draft: TermsDraft = { ...first };
  for (const terms of others) {
    for (const obligation of OBLIGATIONS) obligation.mergeInto(draft, terms);
  }
  return Object.freeze(draft);
}

/**
 * Writes terms as responses, explanations and audit events show them (`obligations`, `obligations_preview`): only
 * what is set, merged lists as one list.
 *
 * @param options.extras also writes operators' own `x_…` members, which belong into the audit; off by default
 */
export function termsToJson(terms: Terms, options: { readonly extras?: boolean } = {}): JsonObject {
  const json: Record<string, JsonValue> = {};
  for (const obligation of OBLIGATIONS) {
    if (obligation.name === "extras") continue;
    const value = obligation.toJson(terms);
    if (value !== undefined) json[obligation.name] = value;
  }
  const own = options.extras ? EXTRAS?.toJson(terms) : undefined;
  return isJsonObject(own) ? { ...json, ...own } : json;
}

/**
 * Refuses an action whose terms this request or this installation cannot meet: it is denied, never run without
 * them.
 *
 * @returns the first refusal, in the order of the registry
 */
export function judgeObligations(context: JudgeContext): Refusal | undefined {
  for (const judge of JUDGES) {
    const refusal = judge(context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
