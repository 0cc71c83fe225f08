import {
  echo,
  fail,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  ok,
  type Problem,
  type Result,
  toPointer,
} from "../encoding/mod.ts";

/**
 * Reads the members of an action's params strictly and collects everything that is wrong with them.
 *
 * @example
 * ```ts
 * const reader = new ParamReader({ limit_lines: 0 }, ["limit_lines"]);
 * const limit = reader.integer("limit_lines", { min: 1 });
 * reader.finish(() => ({ limit })).ok; // false
 * ```
 */
export class ParamReader {
  readonly #params: JsonObject;
  readonly #problems: Problem[] = [];

  /** @param members every member the type knows; any other is a problem */
  constructor(params: JsonObject, members: readonly string[]) {
    this.#params = params;
    for (const name of Object.keys(params)) {
      if (members.includes(name)) continue;
      const wish = members.length === 0 ? "no member" : members.join(", ");
      this.problem(name, `Cannot take member "${echo(name)}": unknown, expected ${wish}`);
    }
  }

  /** Whether the member was sent; `null` counts as sent. */
  has(name: string): boolean {
    return this.#params[name] !== undefined;
  }

  /** The value as it was sent, for members with a shape of their own. */
  value(name: string): JsonValue | undefined {
    return this.#params[name];
  }

  /** Notes that a member must be there. */
  require(name: string): void {
    if (!this.has(name)) {
      this.problem(name, `Cannot do without member "${name}": it is missing and required`);
    }
  }

  /** An optional string. */
  text(name: string): string | undefined {
    const value = this.#params[name];
    if (value === undefined || typeof value === "string") return value;
    this.#wrong(name, value, "a string");
    return undefined;
  }

  /** An optional whole number within bounds. */
  integer(name: string, bounds: { min: number; max?: number }): number | undefined {
    const value = this.#params[name];
    if (value === undefined) return undefined;
    const { min, max = Number.MAX_SAFE_INTEGER } = bounds;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) {
      return value;
    }
    const wish = bounds.max === undefined ? `from ${min}` : `from ${min} to ${max}`;
    this.#wrong(name, value, `a whole number ${wish}`);
    return undefined;
  }

  /** An optional string out of a closed list. */
  choice<const C extends string>(name: string, choices: readonly C[]): C | undefined {
    const value = this.#params[name];
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.#wrong(name, value, choices.map((c) => `"${c}"`).join(" or "));
    return found;
  }

  /** Notes a problem of one member, or with `""` of the params as a whole. */
  problem(name: string, message: string, more: Pick<Problem, "position"> = {}): void {
    this.#problems.push({
      pointer: toPointer(name === "" ? ["params"] : ["params", name]),
      message,
      ...more,
    });
  }

  /** The typed params, or every problem that was noted. `make` runs only when there is none. */
  finish<P>(make: () => P): Result<P, readonly Problem[]> {
    return this.#problems.length === 0 ? ok(make()) : fail(this.#problems);
  }

  #wrong(name: string, value: JsonValue, wish: string): void {
    this.problem(name, `Cannot use "${name}": ${describe(value)}, expected ${wish}`);
  }
}

/** Names a value for a message. Texts are not shown: they may be secrets. */
function describe(value: JsonValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return "another text";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number" || value instanceof JsonNumber) return echo(String(value));
  return isJsonArray(value) ? "an array" : isJsonObject(value) ? "an object" : "no value";
}
