import { offsetOfPointer, pathsAt } from "./json_places.ts";
import { toPointer } from "./json_pointer.ts";
import { type Flaw, JsonReader, type Span } from "./json_reader.ts";
import type { JsonValue } from "./json_value.ts";
import { MAX_ECHO, type Position, type Problem } from "./problem.ts";
import { fail, ok, type Result } from "./result.ts";
import { positionAt } from "./text_position.ts";
import { decodeUtf8, decodeUtf8Lossy, utf8Length, validUtf8Prefix } from "./utf8.ts";

/** Objects and arrays may stand inside each other this deep, unless an option says otherwise. */
export const MAX_DEPTH = 64;

// Reading is recursive; far beyond this the stack would end.
const DEPTH_CEILING = 1000;

/** The nesting a reader allows: what an option asks for, within what the stack can hold. */
export function depthLimit(asked: number = MAX_DEPTH): number {
  return Math.min(asked, DEPTH_CEILING);
}

/** A document that was read, and the way back to its text. */
export interface ParsedDocument {
  /** The whole document, frozen at every level. */
  readonly value: JsonValue;
  /**
   * Finds the line and column of a member (where its name begins), an item or the document. Works the
   * place out when asked; reading a document does not pay for it.
   *
   * @param pointer JSON pointer (RFC 6901)
   * @returns `undefined` when the document has nothing there
   */
  locate(pointer: string): Position | undefined;
}

/** A JSON document that was read. */
export interface ParsedJson extends ParsedDocument {
  /**
   * How many bytes the value of a top-level member took as it was sent, white space inside included.
   *
   * @returns `undefined` when there is no such member or the `spans` option was not set
   */
  memberBytes(name: string): number | undefined;
}

/** How {@link parseJson} reads. */
export interface ParseJsonOptions {
  /** Levels of nesting allowed; 64 by default, at most 1,000. */
  readonly maxDepth?: number;
  /** The document's name in problems. */
  readonly file?: string;
  /** Remembers how long the top-level members were; off by default. */
  readonly spans?: boolean;
  /** Also accepts `//` and block comments and a comma after the last item; off by default. */
  readonly comments?: boolean;
}

/**
 * Reads one JSON document strictly: two readers that both accept a document must not see two things.
 *
 * Refused are, with line and column: a member name that stands twice in an object (after escapes are
 * decoded), invalid UTF-8, half surrogate pairs, a byte order mark, anything after the value, nesting
 * beyond the limit, numbers and control characters JSON does not allow, and an empty document.
 *
 * @param input UTF-8 bytes, or text
 * @returns the frozen document, or every problem found up to the first one that reading cannot pass
 *
 * @example
 * ```ts
 * const parsed = parseJson('{"a": [1, 2.50]}');
 * if (parsed.ok) parsed.value.locate("/a/1"); // { line: 1, column: 11 }
 * ```
 */
export function parseJson(
  input: Uint8Array | string,
  options: ParseJsonOptions = {},
): Result<ParsedJson, Problem[]> {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  if (text === undefined || (typeof input === "string" && !input.isWellFormed())) {
    return fail([notUnicode(input, options.file)]);
  }
  const spans = options.spans ? new Map<string, Span>() : undefined;
  const reader = new JsonReader(text, {
    maxDepth: depthLimit(options.maxDepth),
    relaxed: options.comments ?? false,
    spans,
  });
  const value = reader.read();
  if (value === undefined || reader.flaws.length > 0) {
    return fail(problemsOf(text, reader.flaws, options.file));
  }
  return ok(new JsonDocument(value, text, spans));
}

class JsonDocument implements ParsedJson {
  readonly value: JsonValue;
  readonly #text: string;
  readonly #spans: ReadonlyMap<string, Span> | undefined;

  constructor(value: JsonValue, text: string, spans: ReadonlyMap<string, Span> | undefined) {
    this.value = value;
    this.#text = text;
    this.#spans = spans;
  }

  memberBytes(name: string): number | undefined {
    const span = this.#spans?.get(name);
    return span && utf8Length(this.#text, span.start, span.end);
  }

  locate(pointer: string): Position | undefined {
    const offset = offsetOfPointer(this.#text, pointer);
    return offset === undefined ? undefined : positionAt(this.#text, offset);
  }
}

function problemsOf(text: string, flaws: readonly Flaw[], file: string | undefined): Problem[] {
  const ascending = flaws.toSorted((a, b) => a.offset - b.offset);
  const paths = pathsAt(text, ascending.map((flaw) => flaw.offset));
  return ascending.map(({ offset, message, name }, i) => {
    const path = paths[i] ?? [];
    return problemAt({
      path: name === undefined ? path : [...path, name],
      message: `Cannot read JSON: ${message}`,
      position: positionAt(text, offset),
      file,
    });
  });
}

/**
 * Makes a problem of a path. A pointer is made of the caller's own words, so a long one is cut back to
 * the innermost place whose pointer fits into what a message may repeat.
 */
export function problemAt(at: {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly position: Position | undefined;
  readonly file: string | undefined;
}): Problem {
  let pointer = toPointer(at.path);
  for (let kept = at.path.length; pointer.length > MAX_ECHO; kept--) {
    pointer = toPointer(at.path.slice(0, kept));
  }
  return {
    pointer,
    message: at.message,
    ...(at.file === undefined ? {} : { file: at.file }),
    ...(at.position === undefined ? {} : { position: at.position }),
  };
}

/** The problem of a document that is not Unicode text, at the first byte or half pair that is wrong. */
export function notUnicode(input: Uint8Array | string, file: string | undefined): Problem {
  if (typeof input === "string") {
    const offset = input.search(/\p{Surrogate}/u);
    const message = "Cannot read the document: half of a surrogate pair, expected well-formed text";
    return problemAt({ path: [], message, position: positionAt(input, offset), file });
  }
  const good = decodeUtf8Lossy(input.subarray(0, validUtf8Prefix(input)));
  const message = "Cannot read the document: a byte that is not UTF-8, expected UTF-8 text";
  return problemAt({ path: [], message, position: positionAt(good, good.length), file });
}
