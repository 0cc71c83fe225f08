import {
  isJsonArray,
  type JsonValue,
  nearest,
  pointerToken,
  type Problem,
} from "../encoding/mod.ts";
import { listWords, show } from "../obligations/mod.ts";

/** Collects what is wrong with a bundle while it is read. */
export class Problems {
  readonly #list: Problem[] = [];

  /** Everything found so far, without lines. */
  get list(): readonly Problem[] {
    return this.#list;
  }

  add(pointer: string, message: string): void {
    this.#list.push({ pointer, message });
  }

  addAll(problems: readonly Problem[]): void {
    this.#list.push(...problems);
  }

  /** Says that a member is not what it has to be. */
  unfit(value: JsonValue, pointer: string, wish: string): void {
    const name = pointer.slice(pointer.lastIndexOf("/") + 1);
    const what = /^[0-9]+$/.test(name) ? `item ${name}` : name;
    this.add(pointer, `Cannot use ${show(value)} as ${what}: expected ${wish}`);
  }

  /** Says that members are not known here, and what may have been meant. */
  unknownMembers(
    object: Readonly<Record<string, JsonValue>>,
    known: readonly string[],
    pointer: string,
  ): void {
    for (const name of Object.keys(object)) {
      if (known.includes(name)) continue;
      const close = nearest(name, known);
      const wish = close === undefined ? `one of ${known.join(", ")}` : `"${close}"`;
      const message = `Cannot read member ${show(name)}: unknown, expected ${wish}`;
      this.add(`${pointer}/${pointerToken(name)}`, message);
    }
  }
}

/** Reads a required string that is not empty. */
export function readText(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  if (value === undefined) problems.add(parentOf(pointer), missing(pointer, "a string"));
  else problems.unfit(value, pointer, "a string that is not empty");
  return undefined;
}

/** Reads one of a few words; required. */
export function readWord<W extends string>(
  value: JsonValue | undefined,
  words: readonly W[],
  at: { readonly pointer: string; readonly problems: Problems },
): W | undefined {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const wish = listWords(words);
  if (value === undefined) at.problems.add(parentOf(at.pointer), missing(at.pointer, wish));
  else at.problems.unfit(value, at.pointer, wish);
  return undefined;
}

/** Reads an optional string; the empty one counts as absent. */
export function readOptionalText(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  problems.unfit(value, pointer, "a string");
  return undefined;
}

/** Reads an optional list of strings; the empty one counts as absent. */
export function readList(
  value: JsonValue | undefined,
  pointer: string,
  problems: Problems,
): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!isJsonArray(value)) {
    problems.unfit(value, pointer, "a list of strings (leave the member out to mean any)");
    return undefined;
  }
  const strings: string[] = [];
  value.forEach((item, i) => {
    if (typeof item === "string") strings.push(item);
    else problems.unfit(item, `${pointer}/${i}`, "a string");
  });
  return strings.length > 0 ? Object.freeze(strings) : undefined;
}

function missing(pointer: string, wish: string): string {
  return `Cannot find member "${
    pointer.slice(pointer.lastIndexOf("/") + 1)
  }": missing, expected ${wish}`;
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}
