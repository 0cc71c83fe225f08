import { pointerToken } from "../encoding/json_pointer.ts";
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../encoding/json_value.ts";
import type { Scrubber } from "../model/redacted.ts";
import { MARKER } from "./marker.ts";
import {
  isHeaderName,
  isKeyParameter,
  isSecretName,
  KEY_PARAMETER_NAMES,
} from "./patterns/names.ts";

/** A document without its secrets. */
export interface ScrubbedJson<T extends JsonValue> {
  /** What is left of the document. */
  readonly value: T;
  /** JSON pointers into `value`, in document order, of the strings and names that were changed. */
  readonly redacted: readonly string[];
}

/**
 * Removes secrets from the strings of a document, each by itself, and from the names of its members.
 * Members that are named like a secret (`authorization`, `set-cookie`, `private_key`) lose every
 * string in them. Never a pattern over written JSON, which could remove a quote or a bracket.
 *
 * @returns the same value when nothing had to go
 *
 * @example
 * ```ts
 * scrubJson(new Redactor(), { Cookie: "a=b", note: "hello" });
 * // { value: { Cookie: "[REDACTED]", note: "hello" }, redacted: ["/Cookie"] }
 * ```
 */
export function scrubJson(scrubber: Scrubber, value: JsonObject): ScrubbedJson<JsonObject>;
/** The same for a value of any kind. */
export function scrubJson(scrubber: Scrubber, value: JsonValue): ScrubbedJson<JsonValue>;
export function scrubJson(scrubber: Scrubber, value: JsonValue): ScrubbedJson<JsonValue> {
  const walk = new Walk(scrubber);
  return { value: walk.value(value, "", false), redacted: walk.redacted };
}

/** One pass over a document. Its depth is bounded by the reader that made it. */
class Walk {
  readonly redacted: string[] = [];
  readonly #scrubber: Scrubber;

  constructor(scrubber: Scrubber) {
    this.#scrubber = scrubber;
  }

  /** @param secret every string goes, whatever it says */
  value(value: JsonValue, pointer: string, secret: boolean): JsonValue {
    if (typeof value === "string") return this.#string(value, pointer, secret);
    if (isJsonArray(value)) return this.#array(value, pointer, secret);
    if (isJsonObject(value)) return this.#object(value, pointer, secret);
    return value;
  }

  #string(text: string, pointer: string, secret: boolean): string {
    const scrubbed = secret && text !== "" ? MARKER : this.#scrubber.scrub(text);
    // A member whose name was changed is listed already.
    if (scrubbed !== text && this.redacted.at(-1) !== pointer) this.redacted.push(pointer);
    return scrubbed;
  }

  #array(items: readonly JsonValue[], pointer: string, secret: boolean): readonly JsonValue[] {
    // Headers as pairs: ["Authorization", "Token …"].
    const [name] = items;
    const isPair = items.length === 2 && typeof name === "string" && isHeaderName(name);
    let changed = false;
    const scrubbed = items.map((item, i) => {
      const next = this.value(item, `${pointer}/${i}`, secret || (isPair && i === 1));
      changed ||= next !== item;
      return next;
    });
    return changed ? Object.freeze(scrubbed) : items;
  }

  #object(object: JsonObject, pointer: string, secret: boolean): JsonObject {
    const scrubbed: Record<string, JsonValue> = Object.create(null);
    let changed = false;
    for (const [name, value] of Object.entries(object)) {
      const shown = secret
        ? name
        : uniqueName(this.#scrubber.scrub(name), name, [object, scrubbed]);
      const at = `${pointer}/${pointerToken(shown)}`;
      if (shown !== name) this.redacted.push(at);
      const next = this.value(value, at, secret || isSecretMember(object, name, value));
      scrubbed[shown] = next;
      changed ||= next !== value || shown !== name;
    }
    return changed ? Object.freeze(scrubbed) : object;
  }
}

/** Two names that held a secret each stay two members. */
function uniqueName(shown: string, name: string, taken: readonly JsonObject[]): string {
  let unique = shown;
  for (let n = 2; unique !== name && taken.some((one) => Object.hasOwn(one, unique)); n++) {
    unique = `${shown} ${n}`;
  }
  return unique;
}

function isSecretMember(object: JsonObject, name: string, value: JsonValue): boolean {
  if (isSecretName(name)) return true;
  if (typeof value === "string" && isKeyParameter(name, value)) return true;
  if (typeof object["kty"] === "string" && KEY_PARAMETER_NAMES.includes(name)) return true;
  return isHeaderValue(object, name);
}

/** Headers as objects: { "name": "Cookie", "value": "…" }. */
function isHeaderValue(object: JsonObject, name: string): boolean {
  if (name !== "value" && name !== "values") return false;
  return ["name", "key", "header"].some((member) => {
    const header = object[member];
    return typeof header === "string" && isHeaderName(header);
  });
}
