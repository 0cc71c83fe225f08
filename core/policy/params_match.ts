import {
  isJsonArray,
  isJsonObject,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
} from "../encoding/mod.ts";
import { compareNumbers, isJsonNumber, jsonType, sameJson } from "./json_equality.ts";

/** One test of a parameter. */
export type ParamTest =
  | { readonly op: "equals"; readonly value: JsonValue }
  | { readonly op: "in"; readonly values: readonly JsonValue[] }
  | { readonly op: "present"; readonly wanted: boolean }
  | { readonly op: "prefix"; readonly text: string }
  | { readonly op: "matches"; readonly pattern: string; readonly test: (text: string) => boolean }
  | { readonly op: "lt" | "lte" | "gt" | "gte"; readonly bound: number | JsonNumber };

/** What a rule asks of one parameter: all tests must hold. */
export interface ParamCondition {
  /** Member names and array indexes, from the params on. */
  readonly path: readonly string[];
  readonly tests: readonly ParamTest[];
}

/**
 * Tells whether params meet all conditions of a rule.
 *
 * @param failClosed for DENY and REQUIRE_APPROVAL: where a parameter is missing or of a type the test cannot judge,
 *   the test holds, so that nobody evades a rule by leaving something out (`present` is always taken literally)
 */
export function paramsMatch(
  conditions: readonly ParamCondition[],
  params: JsonObject,
  failClosed: boolean,
): boolean {
  return conditions.every(({ path, tests }) => {
    const value = valueAt(params, path);
    return tests.every((test) => holds(test, value, failClosed));
  });
}

function valueAt(params: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue = params;
  for (const name of path) {
    const next: JsonValue | undefined = isJsonArray(value)
      ? (INDEX.test(name) ? value[Number(name)] : undefined)
      : isJsonObject(value) && Object.hasOwn(value, name)
      ? value[name]
      : undefined;
    if (next === undefined) return undefined;
    value = next;
  }
  return value;
}

const INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

function holds(test: ParamTest, value: JsonValue | undefined, failClosed: boolean): boolean {
  if (test.op === "present") return (value !== undefined) === test.wanted;
  if (value === undefined) return failClosed;
  switch (test.op) {
    case "equals":
      return jsonType(value) === jsonType(test.value) ? sameJson(value, test.value) : failClosed;
    case "in":
      return test.values.some((one) => sameJson(value, one)) ||
        (failClosed && !test.values.some((one) => jsonType(one) === jsonType(value)));
    case "prefix":
      return typeof value === "string" ? value.startsWith(test.text) : failClosed;
    case "matches":
      return typeof value === "string" ? test.test(value) : failClosed;
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return isJsonNumber(value) ? inBound(test.op, compareNumbers(value, test.bound)) : failClosed;
  }
}

function inBound(op: "lt" | "lte" | "gt" | "gte", order: number): boolean {
  switch (op) {
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
  }
}
