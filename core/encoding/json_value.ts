/** Any value a strict document can hold; everything in it is frozen. */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | JsonNumber
  | readonly JsonValue[]
  | JsonObject;

/**
 * An object read from a document. It inherits nothing: `__proto__`, `constructor` and `toString` are
 * members when the document has them and absent when it has not.
 */
export interface JsonObject {
  /** The value of a member. */
  readonly [name: string]: JsonValue;
}

/**
 * A number whose digits a JavaScript number would not keep: `9007199254740993`, `1.0`, `1e5`.
 *
 * Numbers that JavaScript writes back exactly as they were sent are plain `number`s.
 */
export class JsonNumber {
  /** The digits as they were sent. */
  readonly source: string;

  /** Keeps the digits; the text must be one JSON number. */
  constructor(source: string) {
    this.source = source;
    Object.freeze(this);
  }

  /** The digits, so that a message shows the number as it was sent. */
  toString(): string {
    return this.source;
  }
}

/** The JSON number grammar. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

/** Tells whether the text is one JSON number and nothing else. */
export function isNumberText(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * Turns the source text of a JSON number into a value that keeps every digit of it.
 *
 * @param source text that {@link isNumberText} accepts
 */
export function numberFromSource(source: string): number | JsonNumber {
  if (source === "-0") return -0;
  const value = Number(source);
  return String(value) === source ? value : new JsonNumber(source);
}

/** The text a number was sent as: what canonical JSON, fingerprints and exact comparison start from. */
export function numberSource(value: number | JsonNumber): string {
  if (typeof value !== "number") return value.source;
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Tells whether a value is an object with members: not an array, not a number that kept its digits. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof JsonNumber);
}

/** Tells whether a value is an array; `Array.isArray` alone does not narrow a read-only one. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * An object under construction that inherits nothing.
 *
 * Its prototype is empty and frozen. That is as safe as `Object.create(null)` (no inherited name,
 * assigning `__proto__` makes a member) and over twice as fast, because the engine keeps instances of a
 * class in their compact form.
 */
export class BareObject {
  [name: string]: JsonValue;
}
Reflect.deleteProperty(BareObject.prototype, "constructor");
Reflect.setPrototypeOf(BareObject.prototype, null);
Object.freeze(BareObject.prototype);
