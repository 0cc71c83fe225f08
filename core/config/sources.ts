import { fromPointer } from "../encoding/mod.ts";
import { getAt, isWithin, type TreeValue } from "./tree.ts";

/** Where a value came from, the strongest first. */
export type ValueSource =
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "file" }
  | { readonly kind: "default" };

/** Remembers for every value of a config where it came from. */
export class Sources {
  readonly #file: TreeValue;
  readonly #stronger = new Map<string, ValueSource>();

  /** @param file what the file alone says */
  constructor(file: TreeValue) {
    this.#file = file;
  }

  /** Notes that a key was set by something stronger than the file. */
  set(pointer: string, source: ValueSource): void {
    this.#stronger.set(pointer, source);
  }

  /** Where the value at a pointer came from. */
  of(pointer: string): ValueSource {
    for (const [outer, source] of this.#stronger) if (isWithin(pointer, outer)) return source;
    const inFile = getAt(this.#file, fromPointer(pointer) ?? []) !== undefined;
    return inFile ? { kind: "file" } : { kind: "default" };
  }

  /** Whether anybody set the key. */
  isSet(pointer: string): boolean {
    return this.of(pointer).kind !== "default";
  }
}

/** Writes a source the way `config show` does. */
export function describeSource(source: ValueSource): string {
  switch (source.kind) {
    case "flag":
      return source.flag;
    case "environment":
      return source.variable;
    case "file":
      return "file";
    case "default":
      return "default";
  }
}
