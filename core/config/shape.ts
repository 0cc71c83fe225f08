import * as z from "zod";
import { echo, nearest, type Problem, toPointer } from "../encoding/mod.ts";
import { configSchema } from "./schema.ts";
import { dotted, getAt, isTree, isWithin, type Path, removeAt, setAt, type Tree } from "./tree.ts";
import { childOf, membersOf, notesOf, type Schema } from "./walk.ts";

/** A config of the right shape, not yet frozen. */
export type Draft = z.output<typeof configSchema>;

/** What checking the shape gave. */
export interface Shape {
  readonly problems: Problem[];
  /** Pointers of what is wrong; other checks must not speak of them again. */
  readonly broken: readonly string[];
  /** The config without what is wrong; `undefined` when too little is left to judge the rest. */
  readonly draft: Draft | undefined;
}

/** A second parse may find what the first one hid, but each takes something out. */
const MAX_ROUNDS = 4;

/**
 * Checks names, types and ranges. What is wrong is taken out, so that the rules that need several keys can be
 * checked as well and all problems are told at once.
 *
 * @param tree changed in place when something is wrong
 * @param refill puts defaults back where a whole section was taken out
 */
export function checkShape(tree: Tree, refill: () => void): Shape {
  const problems: Problem[] = badNames(configSchema, tree);
  const broken: string[] = problems.map((problem) => problem.pointer);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    refill();
    const parsed = configSchema.safeParse(tree);
    if (parsed.success) return { problems, broken, draft: parsed.data };
    const known = [...broken];
    for (const issue of parsed.error.issues) {
      const found = problemsOf(issue, tree)
        .filter(({ pointer }) => !known.some((outer) => isWithin(pointer, outer)));
      problems.push(...found);
      broken.push(...found.map((problem) => problem.pointer));
    }
    for (const issue of parsed.error.issues.toReversed()) {
      mend(tree, issue);
      const list = listOf(stepsOf(issue));
      if (list !== undefined) broken.push(toPointer(list));
    }
  }
  return { problems, broken, draft: undefined };
}

/** The list that a path leads into: once an item is taken out, its indexes mean something else. */
function listOf(path: Path): Path | undefined {
  const index = path.findIndex((step) => typeof step === "number");
  return index === -1 ? undefined : path.slice(0, index);
}

/** `__proto__` is the one name that the library below would drop without a word. */
function badNames(schema: Schema, value: unknown, path: Path = []): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const child = childOf(schema, Array.isArray(value) ? Number(name) : name);
    if (child === undefined) return [];
    if (name !== "__proto__") return badNames(child, member, [...path, name]);
    const message = `Cannot use "__proto__" in ${dotted(path)}: the name is reserved`;
    return [{ pointer: toPointer([...path, name]), message }];
  });
}

type Issue = z.core.$ZodIssue;

function stepsOf(issue: Issue): Path {
  return issue.path.map((step) => typeof step === "number" ? step : String(step));
}

/** A pointer that does not tell a name that is a secret. */
export function safePath(path: Path): Path {
  let schema: Schema | undefined = configSchema;
  for (const [i, step] of path.entries()) {
    if (schema !== undefined && notesOf(schema).secret === "names") return path.slice(0, i);
    schema = schema && childOf(schema, step);
  }
  return path;
}

function problemsOf(issue: Issue, tree: Tree): Problem[] {
  const steps = stepsOf(issue);
  const path = safePath(steps);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => ({
      pointer: toPointer([...path, name]),
      message: unknownName(name, path),
    }));
  }
  const place = path.length < steps.length ? `a value of ${dotted(path)}` : dotted(path);
  const message = `Cannot read ${place}: ${flaw(issue, getAt(tree, steps))}`;
  return [{ pointer: toPointer(path), message }];
}

function unknownName(name: string, path: Path): string {
  const schema = path.reduce<Schema | undefined>(
    (at, step) => at && childOf(at, step),
    configSchema,
  );
  const known = Object.keys((schema && membersOf(schema)) ?? {});
  const near = nearest(name, known);
  const wish = near === undefined ? `one of ${known.join(", ")}` : `"${near}"`;
  const place = path.length === 0 ? "a config" : dotted(path);
  return `Cannot read "${echo(name, 60)}": ${place} has no such member, expected ${wish}`;
}

/** Says what is wrong and what is wished for; never repeats the value, which may be a secret. */
function flaw(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `it is not set, expected ${kindName(issue.expected)}`
        : `it is ${kindOf(value)}, expected ${kindName(issue.expected)}`;
    case "invalid_value":
      return `it is ${shown(value)}, expected one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      if (issue.origin === "string") return "it is empty, expected some text";
      return `it is ${shown(value)}, expected at least ${issue.minimum}`;
    case "too_big":
      return `it is ${shown(value)}, expected at most ${issue.maximum}`;
    case "invalid_key":
      return "a name in it is empty, expected some text";
    default:
      return `it is ${kindOf(value)}, which does not fit`;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "not set";
  // Only keys with a closed list of words come here with a text.
  return typeof value === "string"
    ? `"${echo(value, 40)}"`
    : typeof value === "number"
    ? String(value)
    : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a fraction";
  return kindName(typeof value);
}

function kindName(kind: string): string {
  switch (kind) {
    case "string":
      return "text";
    case "int":
    case "number":
      return "a whole number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return kind;
  }
}

/** Takes out what an issue speaks of, or puts something in where something is missing. */
function mend(tree: Tree, issue: Issue): void {
  const path = stepsOf(issue);
  if (issue.code === "unrecognized_keys") {
    for (const name of issue.keys) removeAt(tree, [...path, name]);
  } else if (getAt(tree, path) !== undefined) {
    removeAt(tree, path);
  } else if (path.every((step) => typeof step === "string")) {
    setAt(tree, path, "missing");
  } else {
    mendItem(tree, path);
  }
}

/** An item that lacks something is taken out whole. */
function mendItem(tree: Tree, path: Path): void {
  const index = path.findLastIndex((step) => typeof step === "number");
  const item = path.slice(0, index + 1);
  if (isTree(getAt(tree, item))) removeAt(tree, item);
}
