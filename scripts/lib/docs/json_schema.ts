import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../core/encoding/mod.ts";

/** A member of a JSON schema that is itself an object; `{}` when there is none. */
export function objectAt(schema: JsonObject, name: string): JsonObject {
  const value = schema[name];
  return isJsonObject(value) ? value : {};
}

/** A text member; empty when there is none. */
export function textAt(schema: JsonObject, name: string): string {
  const value = schema[name];
  return typeof value === "string" ? value : "";
}

/** The members an object schema knows, each with its schema. */
export function propertiesOf(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(objectAt(schema, "properties")).flatMap(([name, member]) =>
    isJsonObject(member) ? [[name, member] as const] : []
  );
}

/** The schemas of which any may hold; the schema itself when there is no choice. */
export function alternativesOf(schema: JsonObject): readonly JsonObject[] {
  const { anyOf } = schema;
  return isJsonArray(anyOf) ? anyOf.filter(isJsonObject) : [schema];
}

/** Whether a member has to be there. */
export function isRequired(schema: JsonObject, name: string): boolean {
  return isJsonArray(schema.required) && schema.required.includes(name);
}

/** What a schema takes, in words: `integer`, `"a" \| "b"`, `list of text`. */
export function typeOf(schema: JsonObject): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 1) return alternatives.map(typeOf).join(" or ");
  if (isJsonArray(schema.enum)) return schema.enum.map((word) => `\`${String(word)}\``).join(", ");
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  switch (schema.type) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return `${schema.type}${rangeOf(schema)}`;
    case "array": {
      const items = typeOf(objectAt(schema, "items"));
      return items === "" || items === "object" ? "list" : `list of ${items}`;
    }
    case "object":
      return isJsonObject(schema.additionalProperties) ? "object of text by name" : "object";
    default:
      return typeof schema.type === "string" ? schema.type : "";
  }
}

/** A bound that no value ever reaches says nothing. */
const NO_BOUND = 1e9;

function rangeOf({ minimum, maximum }: JsonObject): string {
  const upper = typeof maximum === "number" && maximum < NO_BOUND ? maximum : undefined;
  if (typeof minimum === "number" && upper !== undefined) return ` from ${minimum} to ${upper}`;
  if (typeof minimum === "number" && minimum > -NO_BOUND) return ` from ${minimum}`;
  return upper === undefined ? "" : ` up to ${upper}`;
}

/** A default as a document shows it. */
export function defaultOf(value: JsonValue | undefined): string {
  return value === undefined ? "" : `\`${JSON.stringify(value)}\``;
}
