/**
 * A second, independent reading of how policy decides, as short and literal as it can be: the model that the real
 * evaluator has to agree with. It imports nothing of the product and is allowed to be slow.
 */

/** A JSON value whose numbers are kept as they are written. */
export type Plain = null | boolean | string | Num | readonly Plain[] | {
  readonly [name: string]: Plain;
};

/** A number by its digits. */
export class Num {
  constructor(readonly digits: string) {}
}

export interface PlainRule {
  readonly id: string;
  readonly action_type: string;
  readonly resource: string;
  readonly decision: "ALLOW" | "DENY" | "REQUIRE_APPROVAL";
  readonly principals?: readonly string[];
  readonly agents?: readonly string[];
  readonly environments?: readonly string[];
  readonly risk_flags?: readonly string[];
  readonly exec_match?: { readonly argv_patterns: readonly (readonly string[])[] };
  /** Every operator spelled out; a dotted path has no escapes here. */
  readonly params_match?: { readonly [path: string]: { readonly [operator: string]: Plain } };
  readonly obligations?: { readonly [name: string]: Plain };
  readonly expires_at?: string;
}

export interface PlainAction {
  readonly type: string;
  readonly resource: string;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  readonly flags: readonly string[];
  readonly params: { readonly [name: string]: Plain };
  readonly argv?: readonly string[];
  readonly nowMs: number;
  readonly foldCase: boolean;
}

export function refer(
  rules: readonly PlainRule[],
  action: PlainAction,
): { reason: string; rules: string[] } {
  const hits = rules.filter((rule) => matches(rule, action));
  const of = (decision: string) =>
    hits.filter((rule) => rule.decision === decision).map((rule) => rule.id).sort();
  const granting = hits.filter((rule) => rule.decision !== "DENY");
  const mixed = granting.some((rule) => rule.exec_match) &&
    granting.some((rule) => rule.obligations?.exec_allowlist !== undefined);
  if (of("DENY").length > 0) return { reason: "deny_by_rule", rules: of("DENY") };
  if (action.type === "process.exec" && mixed) {
    return { reason: "deny_by_exec_model_conflict", rules: granting.map((rule) => rule.id).sort() };
  }
  if (of("REQUIRE_APPROVAL").length > 0) {
    return { reason: "require_approval_by_rule", rules: of("REQUIRE_APPROVAL") };
  }
  if (of("ALLOW").length > 0) return { reason: "allow_by_rule", rules: of("ALLOW") };
  return { reason: "deny_by_default", rules: [] };
}

export function matches(rule: PlainRule, action: PlainAction): boolean {
  const strict = rule.decision !== "ALLOW";
  const lists = [[rule.principals, action.principal], [rule.agents, action.agent], [
    rule.environments,
    action.environment,
  ]] as const;
  return (rule.action_type === "*" || rule.action_type === action.type) &&
    lists.every(([list, name]) => !list?.length || list.includes("*") || list.includes(name)) &&
    (rule.risk_flags ?? []).every((flag) => action.flags.includes(flag)) &&
    (rule.expires_at === undefined || action.nowMs < Date.parse(rule.expires_at)) &&
    resourceMatches(rule.resource, action, strict) &&
    (rule.exec_match === undefined || (action.type === "process.exec" &&
      rule.exec_match.argv_patterns.some((pattern) =>
        listMatches(pattern, action.argv ?? [], tokenMatches)
      ))) &&
    Object.entries(rule.params_match ?? {}).every(([path, tests]) =>
      Object.entries(tests).every(([op, operand]) =>
        test(op, operand, reach(action.params, path), strict)
      )
    );
}

function resourceMatches(pattern: string, action: PlainAction, strict: boolean): boolean {
  const fits = (a: string, b: string) => listMatches(a.split("/"), b.split("/"), segmentMatches);
  const fold = strict && action.foldCase && action.resource.startsWith("file:");
  return fits(pattern, action.resource) ||
    (fold && fits(pattern.toLowerCase(), action.resource.toLowerCase()));
}

function listMatches(
  pattern: readonly string[],
  items: readonly string[],
  one: (pattern: string, item: string) => boolean,
): boolean {
  const [head, ...tail] = pattern;
  if (head === undefined) return items.length === 0;
  if (head === "**") {
    return listMatches(tail, items, one) ||
      (items.length > 0 && listMatches(pattern, items.slice(1), one));
  }
  const [first, ...others] = items;
  return first !== undefined && one(head, first) && listMatches(tail, others, one);
}

function tokenMatches(pattern: string, token: string): boolean {
  return pattern === "*" || pattern === token;
}

function segmentMatches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^]*").replaceAll(
    "?",
    "[^]",
  );
  return new RegExp(`^${escaped}$`, "u").test(text);
}

function reach(value: Plain | undefined, path: string): Plain | undefined {
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || value instanceof Num) return undefined;
    if (Array.isArray(value) && !/^[0-9]+$/.test(name)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}

function kind(value: Plain): string {
  if (value === null) return "null";
  if (value instanceof Num) return "number";
  return Array.isArray(value) ? "array" : typeof value;
}

function test(op: string, operand: Plain, value: Plain | undefined, strict: boolean): boolean {
  if (op === "present") return (value !== undefined) === operand;
  if (value === undefined) return strict;
  if (op === "in") {
    const list = operand as readonly Plain[];
    return list.some((one) => same(one, value)) ||
      (strict && !list.some((one) => kind(one) === kind(value)));
  }
  const wanted = op === "matches" || op === "prefix" ? "string" : kind(operand);
  if (kind(value) !== wanted) return strict;
  if (op === "equals") return same(operand, value);
  if (op === "prefix") return String(value).startsWith(String(operand));
  if (op === "matches") return new RegExp(String(operand)).test(String(value));
  const order = sign(scaled(value as Num) - scaled(operand as Num));
  return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op] ?? false;
}

function same(a: Plain, b: Plain): boolean {
  if (a instanceof Num && b instanceof Num) return scaled(a) === scaled(b);
  return kind(a) === kind(b) && JSON.stringify(a) === JSON.stringify(b);
}

/** The number times 10^40: whole for every number these tests use. */
function scaled({ digits }: Num): bigint {
  const [mantissa = "", exponent = "0"] = digits.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(40 - fraction.length + Number(exponent));
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
