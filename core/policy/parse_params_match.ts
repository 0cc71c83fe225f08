import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  nearest,
  pointerToken,
} from "../encoding/mod.ts";
import { listWords, show } from "../obligations/mod.ts";
import { isJsonNumber } from "./json_equality.ts";
import type { ParamCondition, ParamTest } from "./params_match.ts";
import type { Problems } from "./problems.ts";
import type { CompileRe2 } from "./re2.ts";

/** Where conditions stand, and what reading them needs. */
export interface ParamsMatchPlace {
  readonly pointer: string;
  readonly problems: Problems;
  /** Present whenever the bundle has a pattern at all. */
  readonly re2: CompileRe2 | undefined;
}

/** The names of the tests a parameter may be put to. */
export const PARAM_OPERATORS = [
  "equals",
  "in",
  "present",
  "prefix",
  "matches",
  "lt",
  "lte",
  "gt",
  "gte",
] as const;

type Operator = (typeof PARAM_OPERATORS)[number];

/**
 * Parses the `params_match` of one rule.
 *
 * @returns the conditions; whatever is wrong goes into the problems
 */
export function parseParamsMatch(
  value: JsonValue,
  place: ParamsMatchPlace,
): readonly ParamCondition[] {
  if (!isJsonObject(value)) {
    place.problems.unfit(value, place.pointer, "an object of dotted paths and what they must hold");
    return [];
  }
  return Object.entries(value).flatMap(([dotted, wanted]) => {
    const at = { ...place, pointer: `${place.pointer}/${pointerToken(dotted)}` };
    const path = splitPath(dotted);
    if (path === undefined) {
      const message = `Cannot use ${show(dotted)} as a path: expected names separated by dots, ` +
        'a dot inside a name written "\\."';
      place.problems.add(at.pointer, message);
      return [];
    }
    return [{ path, tests: parseTests(wanted, at) }];
  });
}

/**
 * Splits a dotted path; `\.` is a dot inside a name and `\\` a backslash.
 *
 * @returns `undefined` when a name is empty or a backslash stands before anything else
 */
export function splitPath(dotted: string): string[] | undefined {
  const names: string[] = [];
  let name = "";
  for (let i = 0; i < dotted.length; i++) {
    const char = dotted.charAt(i);
    if (char === ".") {
      names.push(name);
      name = "";
    } else if (char === "\\") {
      const next = dotted.charAt(++i);
      if (next !== "." && next !== "\\") return undefined;
      name += next;
    } else {
      name += char;
    }
  }
  names.push(name);
  return names.includes("") ? undefined : names;
}

function parseTests(wanted: JsonValue, place: ParamsMatchPlace): readonly ParamTest[] {
  if (!isJsonObject(wanted)) return [{ op: "equals", value: wanted }];
  const entries = Object.entries(wanted);
  if (entries.length === 0) {
    place.problems.unfit(wanted, place.pointer, `a value, or at least one of ${OPERATOR_WORDS}`);
  }
  return entries.flatMap(([name, operand]) => {
    const at = { ...place, pointer: `${place.pointer}/${pointerToken(name)}` };
    const op = PARAM_OPERATORS.find((known) => known === name);
    if (op === undefined) {
      const close = nearest(name, PARAM_OPERATORS);
      const wish = close === undefined ? OPERATOR_WORDS : `"${close}"`;
      const message = `Cannot test with ${show(name)}: unknown, expected ${wish} ` +
        "(an object to compare with is written {equals: {…}})";
      at.problems.add(at.pointer, message);
      return [];
    }
    const test = parseTest(op, operand, at);
    return test === undefined ? [] : [test];
  });
}

const OPERATOR_WORDS = listWords(PARAM_OPERATORS);

function parseTest(
  op: Operator,
  operand: JsonValue,
  place: ParamsMatchPlace,
): ParamTest | undefined {
  switch (op) {
    case "equals":
      return { op, value: operand };
    case "in":
      if (isJsonArray(operand) && operand.length > 0) return { op, values: operand };
      return unfit(operand, place, "a list of at least one value");
    case "present":
      if (typeof operand === "boolean") return { op, wanted: operand };
      return unfit(operand, place, "true or false");
    case "prefix":
      if (typeof operand === "string" && operand !== "") return { op, text: operand };
      return unfit(operand, place, "a string that is not empty");
    case "matches":
      return parsePattern(operand, place);
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      if (isJsonNumber(operand)) return { op, bound: operand };
      return unfit(operand, place, "a number");
  }
}

function unfit(operand: JsonValue, place: ParamsMatchPlace, wish: string): undefined {
  place.problems.unfit(operand, place.pointer, wish);
}

function parsePattern(operand: JsonValue, place: ParamsMatchPlace): ParamTest | undefined {
  if (typeof operand !== "string" || operand === "" || place.re2 === undefined) {
    return unfit(operand, place, "an RE2 pattern");
  }
  const compiled = place.re2(operand);
  if (compiled.ok) return { op: "matches", pattern: operand, test: compiled.value };
  const message = `Cannot compile the pattern ${
    show(operand)
  }: ${compiled.reason}, expected RE2 syntax`;
  place.problems.add(place.pointer, message);
  return undefined;
}

/** Tells whether a rule, as it was written, has a pattern that needs the RE2 engine. */
export function needsRe2(rule: JsonObject): boolean {
  const { params_match: conditions, obligations } = rule;
  if (isJsonObject(obligations) && Object.hasOwn(obligations, "redact")) return true;
  return isJsonObject(conditions) &&
    Object.values(conditions).some((wanted) =>
      isJsonObject(wanted) && Object.hasOwn(wanted, "matches")
    );
}
