import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from "../encoding/mod.ts";
import { childOf, itemsOf, membersOf, notesOf, type Schema } from "./walk.ts";

/** A config under construction: what the file says, to which variables and flags are added. */
export type TreeValue = null | boolean | string | number | TreeValue[] | Tree;

/** An object of a {@link TreeValue}. Inherits nothing. */
export interface Tree {
  [name: string]: TreeValue;
}

/** The steps from the top of a config to one of its values. */
export type Path = readonly (string | number)[];

/** An object without members. */
export function emptyTree(): Tree {
  // Without a prototype every name is only a name.
  return Object.create(null) as Tree;
}

/** Tells objects from lists and scalars. */
export function isTree(value: TreeValue | undefined): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Copies a document into a tree. Keys that hold `""` are left out, because an empty text means "not set"; plain
 * strings that stand for an object are written out.
 */
export function toTree(value: JsonValue, schema: Schema | undefined): TreeValue {
  if (value instanceof JsonNumber) return Number(value.source);
  if (isJsonArray(value)) {
    const items = schema && itemsOf(schema);
    return value.map((item) => toItem(item, items));
  }
  if (!isJsonObject(value)) return value;
  const tree = emptyTree();
  const members = schema && membersOf(schema);
  for (const [name, member] of Object.entries(value)) {
    if (member === "" && members !== undefined && Object.hasOwn(members, name)) continue;
    tree[name] = toTree(member, schema && childOf(schema, name));
  }
  return tree;
}

function toItem(item: JsonValue, schema: Schema | undefined): TreeValue {
  const shorthand = schema && notesOf(schema).shorthand;
  if (typeof item !== "string" || shorthand === undefined) return toTree(item, schema);
  return writtenOut(item, shorthand);
}

/** The object that a plain string stands for. */
export function writtenOut(text: string, member: string): Tree {
  const tree = emptyTree();
  tree[member] = text;
  return tree;
}

/** The value at a path, `undefined` where there is none. */
export function getAt(tree: TreeValue | undefined, path: Path): TreeValue | undefined {
  let value = tree;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}

/** Sets the value at a path of names, making the objects on the way. A scalar or list on the way is left alone. */
export function setAt(tree: Tree, path: readonly string[], value: TreeValue): void {
  let at = tree;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(at, name) ? at[name] : (at[name] = emptyTree());
    if (!isTree(next)) return;
    at = next;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}

/** Removes the value at a path, if it is there; later items of a list move up. */
export function removeAt(tree: Tree, path: Path): void {
  const parent = getAt(tree, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isTree(parent)) Reflect.deleteProperty(parent, last);
}

/** One text of a config, and how to replace it. */
export interface Place {
  readonly path: Path;
  readonly schema: Schema;
  readonly text: string;
  replace(text: string): void;
}

/** Visits every text of a config whose key the schema knows. */
export function* textsOf(schema: Schema, value: unknown, path: Path = []): Generator<Place> {
  if (typeof value !== "object" || value === null) return;
  const holder = value as Record<string | number, unknown>;
  for (const name of Object.keys(holder)) {
    const step = Array.isArray(value) ? Number(name) : name;
    const child = childOf(schema, step);
    const member = holder[name];
    if (child === undefined) continue;
    if (typeof member !== "string") {
      yield* textsOf(child, member, [...path, step]);
      continue;
    }
    const replace = (text: string) => {
      holder[name] = text;
    };
    yield { path: [...path, step], schema: child, text: member, replace };
  }
}

/** Writes a path as people write keys: `mcp.upstream_servers[0].name`. */
export function dotted(path: Path): string {
  return path.map((step, i) => typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)
    .join("");
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

/** Whether one pointer is the other or lies below it. */
export function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}
