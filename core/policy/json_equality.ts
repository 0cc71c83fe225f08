import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonValue,
  numberSource,
} from "../encoding/mod.ts";
import { compareDecimals } from "./decimal.ts";

/** The types JSON knows. */
export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

/** The JSON type of a value. */
export function jsonType(value: JsonValue): JsonType {
  if (value === null) return "null";
  if (isJsonNumber(value)) return "number";
  if (isJsonArray(value)) return "array";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "object";
}

/** Tells whether a value is a number, whether or not JavaScript could hold it. */
export function isJsonNumber(value: JsonValue): value is number | JsonNumber {
  return typeof value === "number" || value instanceof JsonNumber;
}

/** Compares two numbers exactly; below, at or above 0. */
export function compareNumbers(a: number | JsonNumber, b: number | JsonNumber): number {
  // Plain numbers are written back as they were sent, so they are exactly what was sent.
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimals(numberSource(a), numberSource(b));
}

/** Tells whether two values say the same: numbers by their value, objects whatever the order of members. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (isJsonNumber(a)) return isJsonNumber(b) && compareNumbers(a, b) === 0;
  if (isJsonArray(a)) {
    return isJsonArray(b) && a.length === b.length &&
      a.every((item, i) => sameJson(item, b[i] ?? null));
  }
  if (isJsonObject(a)) {
    if (!isJsonObject(b)) return false;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => {
      const other = Object.hasOwn(b, name) ? b[name] : undefined;
      return other !== undefined && sameJson(a[name] ?? null, other);
    });
  }
  return a === b;
}
