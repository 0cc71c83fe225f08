import type * as Yaml from "yaml";
import { fromPointer } from "./json_pointer.ts";
import { MAX_FLAWS } from "./json_reader.ts";
import { BYTE_ORDER_MARK } from "./json_syntax.ts";
import type { JsonValue } from "./json_value.ts";
import { echo, type Position, type Problem } from "./problem.ts";
import { fail, ok, type Result } from "./result.ts";
import { depthLimit, notUnicode, type ParsedDocument, problemAt } from "./strict_json.ts";
import { positionAt } from "./text_position.ts";
import { decodeUtf8 } from "./utf8.ts";
import { type YamlFlaw, YamlReader } from "./yaml_reader.ts";

/** How {@link parseYaml} reads. */
export interface ParseYamlOptions {
  /** Levels of nesting allowed; 64 by default, at most 1,000. */
  readonly maxDepth?: number;
  /** The document's name in problems. */
  readonly file?: string;
}

/**
 * Reads one YAML 1.2 document (core schema) into the values its JSON twin would have.
 *
 * What JSON cannot say is refused, with line and column: anchors, aliases, merge keys, tags, directives,
 * a second document, keys that are not strings, numbers JSON would not accept (`0x10`, `.5`, `+1`, `.inf`:
 * quote them). So is what strict JSON refuses: duplicate names, invalid UTF-8, a byte order mark, nesting
 * beyond the limit, an empty document.
 *
 * The YAML library is loaded on the first call.
 *
 * @param input UTF-8 bytes, or text
 * @returns the frozen document, or every problem found
 */
export async function parseYaml(
  input: Uint8Array | string,
  options: ParseYamlOptions = {},
): Promise<Result<ParsedDocument, Problem[]>> {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  if (text === undefined || (typeof input === "string" && !input.isWellFormed())) {
    return fail([notUnicode(input, options.file)]);
  }
  const yaml = await import("yaml");
  const read = readText(yaml, text, depthLimit(options.maxDepth));
  return read.ok
    ? ok(new YamlDocument(yaml, read.value.value, read.value.root, text))
    : fail(toProblems(text, read.reason, options.file));
}

interface ReadYaml {
  readonly value: JsonValue;
  readonly root: Yaml.Node;
}

function readText(yaml: typeof Yaml, text: string, maxDepth: number): Result<ReadYaml, YamlFlaw[]> {
  const raw = rawFlaw(text);
  if (raw !== undefined) return fail([raw]);
  try {
    const composed = compose(yaml, text);
    if (!composed.ok) return composed;
    const reader = new YamlReader(yaml, maxDepth);
    const value = reader.read(composed.value.root);
    const flaws = [...composed.value.flaws, ...reader.flaws];
    return flaws.length === 0 ? ok({ value, root: composed.value.root }) : fail(flaws);
  } catch (error) {
    // The library walks the document recursively: only nesting can exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    return fail([{ offset: 0, message: `nested deeper than ${maxDepth} levels`, path: [] }]);
  }
}

/** What must not stand anywhere in the text, whatever it would mean there. */
function rawFlaw(text: string): YamlFlaw | undefined {
  if (text.startsWith("\ufeff")) {
    return { offset: 0, message: BYTE_ORDER_MARK, path: [] };
  }
  // deno-lint-ignore no-control-regex -- control characters are what this looks for
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\r(?!\n)/);
  if (control === -1) return undefined;
  const shown = echo(text.charAt(control));
  return {
    offset: control,
    message: `the control character ${shown} stands in the text`,
    path: [],
  };
}

interface Composed {
  readonly root: Yaml.Node;
  readonly flaws: YamlFlaw[];
}

function compose(yaml: typeof Yaml, text: string): Result<Composed, YamlFlaw[]> {
  const tokens = [...new yaml.Parser().parse(text)];
  const directive = tokens.find((token) => token.type === "directive");
  if (directive !== undefined) {
    const message = "a directive (%…) is not allowed, expected the document itself";
    return fail([{ offset: directive.offset, message, path: [] }]);
  }
  const composer = new yaml.Composer({ version: "1.2", schema: "core", uniqueKeys: false });
  const [document, second] = composer.compose(tokens);
  if (second !== undefined) {
    const message = "a second document begins, expected one document";
    return fail([{ offset: second.range[0], message, path: [] }]);
  }
  const root = document?.contents;
  const flaws = [...document?.errors ?? [], ...document?.warnings ?? []]
    // Tags are refused by our own reader, which knows where they stand.
    .filter((error) => error.code !== "TAG_RESOLVE_FAILED")
    .map((error) => ({ offset: error.pos[0], message: echo(error.message), path: [] }));
  const empty = !yaml.isNode(root) || (yaml.isScalar(root) && root.range?.[0] === root.range?.[1]);
  if (empty && flaws.length === 0) {
    return fail([{ offset: 0, message: "the document is empty", path: [] }]);
  }
  return yaml.isNode(root) ? ok({ root, flaws }) : fail(flaws);
}

function toProblems(text: string, flaws: readonly YamlFlaw[], file: string | undefined): Problem[] {
  const byPlace = new Map(flaws.toReversed().map((flaw) => [flaw.offset, flaw]));
  return [...byPlace.values()]
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, MAX_FLAWS)
    .map(({ offset, message, path }) =>
      problemAt({
        path,
        message: `Cannot read YAML: ${message}`,
        position: positionAt(text, offset),
        file,
      })
    );
}

class YamlDocument implements ParsedDocument {
  readonly value: JsonValue;
  readonly #yaml: typeof Yaml;
  readonly #root: Yaml.Node;
  readonly #text: string;

  constructor(yaml: typeof Yaml, value: JsonValue, root: Yaml.Node, text: string) {
    this.#yaml = yaml;
    this.value = value;
    this.#root = root;
    this.#text = text;
  }

  locate(pointer: string): Position | undefined {
    const target = fromPointer(pointer);
    if (target === undefined) return undefined;
    let node: unknown = this.#root;
    let offset = this.#root.range?.[0];
    for (const token of target) {
      const next = this.#step(node, token);
      if (next === undefined) return undefined;
      node = next.node;
      offset = next.offset;
    }
    return offset === undefined ? undefined : positionAt(this.#text, offset);
  }

  #step(node: unknown, token: string): { node: unknown; offset: number | undefined } | undefined {
    if (this.#yaml.isMap(node)) {
      const pair = node.items.find(({ key }) => this.#yaml.isScalar(key) && key.value === token);
      if (!this.#yaml.isScalar(pair?.key)) return undefined;
      return { node: pair.value, offset: pair.key.range?.[0] };
    }
    if (!this.#yaml.isSeq(node) || !/^(?:0|[1-9][0-9]*)$/.test(token)) return undefined;
    const item = node.items[Number(token)];
    return this.#yaml.isNode(item) ? { node: item, offset: item.range?.[0] } : undefined;
  }
}
