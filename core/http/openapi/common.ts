import type { JsonObject, JsonValue } from "../../encoding/mod.ts";
import { ACTION_TYPE, ID } from "../../engine/submitted.ts";
import { OBLIGATIONS } from "../../obligations/mod.ts";

/** Draft 2020-12, which OpenAPI 3.1 speaks as well. */
export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** A string of an object schema. */
export function text(description: string, more: JsonObject = {}): JsonObject {
  return { type: "string", description, ...more };
}

/** One of several words. */
export function words(description: string, values: readonly string[]): JsonObject {
  return { type: "string", enum: values, description };
}

/** An object that knows exactly these members. */
export function object(
  description: string,
  properties: Readonly<Record<string, JsonValue>>,
  required: readonly string[],
): JsonObject {
  return { type: "object", description, additionalProperties: false, required, properties };
}

/** A list. */
export function list(description: string, items: JsonValue): JsonObject {
  return { type: "array", description, items };
}

/** An action or trace id. */
export function id(description: string): JsonObject {
  return text(description, { pattern: ID.source });
}

/** The name of an action type. */
export const actionTypeName: JsonObject = text("Dotted lower-case words.", {
  pattern: ACTION_TYPE.source,
  maxLength: 128,
  examples: ["fs.read", "payments.refund"],
});

/** A SHA-256 as hex. */
export function hash(description: string): JsonObject {
  return text(description, { pattern: "^[0-9a-f]{64}$" });
}

/** A point in time. */
export function time(description: string): JsonObject {
  return text(description, { format: "date-time" });
}

/** The merged obligations of the deciding rules. */
export const obligations: JsonObject = {
  type: "object",
  description: "Obligations of the deciding rules, merged to the strictest.",
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(
      OBLIGATIONS.flatMap(({ name, summary, schema }) =>
        schema === undefined || name === "extras"
          ? []
          : [[name, { ...schema, description: summary }]]
      ),
    ),
    exec_constraints: object("What the deciding rules let a command be.", {
      argv_patterns: list("Argument vectors, with * and **.", {
        type: "array",
        items: { type: "string" },
      }),
    }, ["argv_patterns"]),
  },
};
