import type * as Yaml from "yaml";
import { duplicateName, LONE_SURROGATE } from "./json_syntax.ts";
import { BareObject, isNumberText, type JsonValue, numberFromSource } from "./json_value.ts";
import { echo } from "./problem.ts";

/** What is wrong with a YAML text, before lines and pointers are written out. */
export interface YamlFlaw {
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Turns the nodes of a YAML document into frozen JSON values and notes everything JSON cannot say. */
export class YamlReader {
  /** What is wrong with the document; empty after a good read. */
  readonly flaws: YamlFlaw[] = [];
  readonly #yaml: typeof Yaml;
  readonly #maxDepth: number;
  readonly #path: (string | number)[] = [];
  #offset = 0;

  constructor(yaml: typeof Yaml, maxDepth: number) {
    this.#yaml = yaml;
    this.#maxDepth = maxDepth;
  }

  /** Reads a node and everything below it. The value means something only when `flaws` stays empty. */
  read(node: unknown): JsonValue {
    if (!this.#yaml.isNode(node)) return null;
    this.#offset = node.range?.[0] ?? this.#offset;
    if (this.#yaml.isAlias(node)) {
      this.#note("an alias (*) is not allowed, expected the value itself");
      return null;
    }
    if (node.anchor !== undefined) this.#note("an anchor (&) is not allowed");
    if (node.tag !== undefined) this.#note(`the tag "${echo(node.tag)}" is not allowed`);
    if (this.#yaml.isScalar(node)) return this.#scalar(node);
    if (this.#path.length >= this.#maxDepth) {
      this.#note(`nested deeper than ${this.#maxDepth} levels`);
      return null;
    }
    return this.#yaml.isMap(node) ? this.#map(node) : this.#items(node);
  }

  #map(node: Yaml.YAMLMap): JsonValue {
    const members = new BareObject();
    for (const { key, value } of node.items) {
      const name = this.#name(key);
      if (name === undefined) continue;
      this.#path.push(name);
      if (members[name] !== undefined) this.#note(duplicateName(name));
      const read = this.read(value);
      members[name] ??= read;
      this.#path.pop();
    }
    return Object.freeze(members);
  }

  #name(key: unknown): string | undefined {
    const name = this.read(key);
    if (!this.#yaml.isScalar(key) || typeof name !== "string") {
      this.#note(
        "a key is not a string, expected a name (quote it if it looks like something else)",
      );
      return undefined;
    }
    if (key.type === "PLAIN" && name === "<<") {
      this.#note("a merge key (<<) is not allowed, expected the members themselves");
    }
    return name;
  }

  #items(node: Yaml.YAMLSeq): JsonValue {
    const items = node.items.map((item, index) => {
      this.#path.push(index);
      const value = this.read(item);
      this.#path.pop();
      return value;
    });
    return Object.freeze(items);
  }

  #scalar(node: Yaml.Scalar): JsonValue {
    const { value, source } = node;
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "string") {
      if (!value.isWellFormed()) {
        this.#note(LONE_SURROGATE);
      }
      return value;
    }
    const digits = source ?? String(value);
    if (isNumberText(digits)) return numberFromSource(digits);
    this.#note(
      `"${echo(digits)}" is not a number JSON knows, expected one, or quotes around a string`,
    );
    return null;
  }

  #note(message: string): void {
    this.flaws.push({ offset: this.#offset, message, path: [...this.#path] });
  }
}
