import {
  canonicalJson,
  compareUtf8,
  echo,
  fail,
  isJsonArray,
  type JsonValue,
  ok,
  type Problem,
  type Result,
} from "../encoding/mod.ts";
import type { ObligationPlace } from "./obligation.ts";

/** The answer of an obligation's parser. */
export type Parsed<T> = Result<T, readonly Problem[]>;

/** A value as messages show it: one line, at most 60 characters. */
export function show(value: JsonValue): string {
  return echo(canonicalJson(value), 60);
}

/** Says that a value is not what its obligation takes. */
export function unfit<T>(value: JsonValue, at: ObligationPlace, wish: string): Parsed<T> {
  return fail([unfitProblem(value, at.pointer, wish)]);
}

/** The problem behind {@link unfit}. */
export function unfitProblem(value: JsonValue, pointer: string, wish: string): Problem {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  const what = /^[0-9]+$/.test(name) ? `item ${name}` : name;
  return { pointer, message: `Cannot use ${show(value)} as ${what}: expected ${wish}` };
}

/** Parses one of a few words. */
export function parseWord<W extends string>(
  value: JsonValue,
  at: ObligationPlace,
  words: readonly W[],
): Parsed<W> {
  const word = words.find((candidate) => candidate === value);
  return word === undefined ? unfit(value, at, listWords(words)) : ok(word);
}

/** Writes words as `a, b or c`. */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Parses an integer that JavaScript holds exactly. */
export function parseInteger(value: JsonValue, at: ObligationPlace, min: number): Parsed<number> {
  const fits = typeof value === "number" && Number.isSafeInteger(value) && value >= min &&
    !Object.is(value, -0);
  return fits ? ok(value) : unfit(value, at, `an integer of at least ${min}`);
}

/** Parses a list of non-empty strings, as it stands. */
export function parseStrings(value: JsonValue, at: ObligationPlace): Parsed<readonly string[]> {
  if (!isJsonArray(value)) return unfit(value, at, "a list of strings");
  const problems: Problem[] = [];
  const strings: string[] = [];
  value.forEach((item, i) => {
    if (typeof item === "string" && item !== "") strings.push(item);
    else problems.push(unfitProblem(item, `${at.pointer}/${i}`, "a string that is not empty"));
  });
  return problems.length > 0 ? fail(problems) : ok(Object.freeze(strings));
}

/** Parses a list of strings whose order has no meaning. */
export function parseStringSet(value: JsonValue, at: ObligationPlace): Parsed<readonly string[]> {
  const strings = parseStrings(value, at);
  return strings.ok ? ok(unionOf(strings.value, [])) : strings;
}

/** Parses a list of lists of strings, none of them empty. */
export function parseTokenLists(
  value: JsonValue,
  at: ObligationPlace,
  wish: string,
): Parsed<readonly (readonly string[])[]> {
  if (!isJsonArray(value)) return unfit(value, at, `a list of ${wish}`);
  const problems: Problem[] = [];
  const lists: (readonly string[])[] = [];
  value.forEach((item, i) => {
    const place = { ...at, pointer: `${at.pointer}/${i}` };
    const list = isJsonArray(item) && item.length > 0 ? parseStrings(item, place) : undefined;
    if (list === undefined) problems.push(unfitProblem(item, place.pointer, ONE_LIST));
    else if (list.ok) lists.push(list.value);
    else problems.push(...list.reason);
  });
  return problems.length > 0 ? fail(problems) : ok(Object.freeze(lists));
}

const ONE_LIST = "a list of at least one string";

/** The members of two sets, each once, sorted. */
export function unionOf(a: readonly string[], b: readonly string[]): readonly string[] {
  return Object.freeze([...new Set([...a, ...b])].sort(compareUtf8));
}

/** The members both sets have, sorted. */
export function intersectionOf(a: readonly string[], b: readonly string[]): readonly string[] {
  return Object.freeze(a.filter((item) => b.includes(item)).sort(compareUtf8));
}

/**
 * The items of two lists, each once, in the order of their keys.
 *
 * @param keyOf two items are the same when their keys are
 */
export function unionBy<T>(
  a: readonly T[],
  b: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] {
  const byKey = new Map<string, T>();
  for (const item of [...a, ...b]) {
    const key = keyOf(item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  const sorted = [...byKey].sort(([left], [right]) => compareUtf8(left, right));
  return Object.freeze(sorted.map(([, item]) => item));
}
