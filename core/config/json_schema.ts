import * as z from "zod";
import { type JsonObject, type JsonValue, toPointer } from "../encoding/mod.ts";
import { configSchema } from "./schema.ts";
import { unbuiltPointers } from "./unbuilt.ts";
import { membersOf, notesOf, type Schema } from "./walk.ts";

/** A part of the schema while it is being written. */
type Draft = z.core.JSONSchema.BaseSchema;

const REQUIRED_SECTIONS = ["policy", "identity"];

/**
 * Writes the JSON Schema (draft 2020-12) of config files, for editors and for `nomos config schema`.
 *
 * It says a little less than loading a config checks: rules that need several keys are not in it.
 */
export function configJsonSchema(): JsonObject {
  const unbuilt = unbuiltPointers();
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-2020-12",
    override({ zodSchema, jsonSchema, path }) {
      describe(jsonSchema, notesOf(zodSchema).derived, unbuilt.get(pointerOf(path)));
      loosen(jsonSchema, zodSchema);
      const { shorthand } = notesOf(zodSchema);
      if (shorthand !== undefined) allowShorthand(jsonSchema);
    },
  });
  schema.title = "Nomos configuration";
  schema.required = REQUIRED_SECTIONS;
  return JSON.parse(JSON.stringify(schema)) as JsonObject; // plain data without undefined members
}

function pointerOf(path: readonly (string | number)[]): string {
  return toPointer(path.filter((step) => step !== "properties"));
}

function describe(draft: Draft, derived: string | undefined, unbuilt: string | undefined): void {
  const words = [draft.description];
  if (derived !== undefined) words.push(`Default: ${derived}.`);
  if (unbuilt !== undefined) {
    words.push(`Not built yet (${unbuilt}): nomos refuses to start with it.`);
  }
  const text = words.filter((word) => word !== undefined).join(" ");
  if (text !== "" && text !== draft.description) draft.description = text;
}

/** Allows what loading allows: `""` for "not set", and derived keys left out. */
function loosen(draft: Draft, schema: Schema): void {
  // The empty object is what a section is without being written; as a default it says nothing.
  if (draft.type === "object" && isEmptyObject(draft.default)) delete draft.default;
  for (const member of Object.values(draft.properties ?? {})) {
    if (typeof member === "boolean") continue;
    if (member.type === "string" && member.minLength === 1) delete member.minLength;
  }
  const members = membersOf(schema) ?? {};
  const isRequired = (name: string) =>
    members[name] !== undefined && notesOf(members[name]).derived === undefined;
  const required = (draft.required ?? []).filter(isRequired);
  if (required.length > 0) draft.required = required;
  else delete draft.required;
}

function isEmptyObject(value: unknown): value is JsonValue {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** A plain string stands for an object with one member. */
function allowShorthand(draft: Draft): void {
  const object = { ...draft };
  for (const key of Object.keys(draft)) Reflect.deleteProperty(draft, key);
  draft.anyOf = [{ type: "string", minLength: 1 }, object];
}
