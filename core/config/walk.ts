import * as z from "zod";
import { pointerToken } from "../encoding/mod.ts";
import { type KeyNotes, keyNotes } from "./keys.ts";

/** A schema node; everything in this folder walks these. */
export type Schema = z.core.$ZodType;

/** Takes off what only says "may be absent" or "has a default". */
export function bare(schema: Schema): Schema {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional || inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

/** The notes of a key, wherever in its wrappings they were left. */
export function notesOf(schema: Schema): KeyNotes {
  let inner = schema;
  let notes: KeyNotes = keyNotes.get(inner) ?? {};
  while (
    inner instanceof z.ZodOptional || inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault
  ) {
    inner = inner.unwrap();
    notes = { ...keyNotes.get(inner), ...notes };
  }
  return notes;
}

/** The members of an object schema by name; `undefined` for anything else. */
export function membersOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const inner = bare(schema);
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

/** The schema of a list's items or a record's values. */
export function itemsOf(schema: Schema): Schema | undefined {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return inner.element;
  return inner instanceof z.ZodRecord ? inner.valueType : undefined;
}

/** The schema of one step below another, `undefined` where the config has nothing of that name. */
export function childOf(schema: Schema, step: string | number): Schema | undefined {
  const members = membersOf(schema);
  if (members === undefined) return itemsOf(schema);
  return Object.hasOwn(members, step) ? members[step] : undefined;
}

/** What an environment variable can set: a scalar, or a list that is written with commas. */
export type LeafKind = "text" | "number" | "boolean" | "list";

/** One key that holds a value rather than further keys. */
export interface Leaf {
  /** Names from the top: `["gateway", "tls", "enabled"]`. */
  readonly path: readonly string[];
  readonly pointer: string;
  readonly kind: LeafKind;
  readonly schema: Schema;
  readonly notes: KeyNotes;
}

/** Lists the keys that can be set by one text, in the order of the schema. */
export function leavesOf(schema: Schema, path: readonly string[] = []): Leaf[] {
  const members = membersOf(schema);
  if (members !== undefined) {
    return Object.entries(members).flatMap(([name, member]) => leavesOf(member, [...path, name]));
  }
  const kind = leafKind(schema);
  if (kind === undefined) return [];
  const pointer = path.map((name) => `/${pointerToken(name)}`).join("");
  return [{ path, pointer, kind, schema, notes: notesOf(schema) }];
}

function leafKind(schema: Schema): LeafKind | undefined {
  const inner = bare(schema);
  if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return "text";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (!(inner instanceof z.ZodArray)) return undefined;
  const isText = leafKind(inner.element) === "text";
  return isText || notesOf(inner.element).shorthand !== undefined ? "list" : undefined;
}
