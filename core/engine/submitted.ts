import {
  echo,
  fail,
  formatProblem,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ok,
  type ParsedJson,
  parseJson,
  type Problem,
  type Result,
  toPointer,
} from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";

/** A request whose envelope is valid; resource and params are still as they were sent. */
export interface Submitted {
  readonly actionId: string;
  readonly traceId: string;
  readonly type: string;
  readonly resource: string;
  readonly params: JsonObject;
  /** `context.extensions.approval.approval_id`, when the caller resumes an approval. */
  readonly approvalId?: string;
}

/** A document written offline: the request and who is assumed to ask. */
export interface AssertedDocument {
  readonly submitted: Submitted;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  /** Actions assumed to have been made under this trace; 0 unless the document says so. */
  readonly traceActionCount: number;
  /** Members a recording adds; read by replay. */
  readonly recorded?: JsonObject;
}

/** Size limits of a request document, in bytes as sent. */
export interface EnvelopeLimits {
  readonly maxParamsBytes: number;
  readonly maxContextBytes: number;
}

/** The limits that hold when the operator sets none. */
export const DEFAULT_ENVELOPE_LIMITS: EnvelopeLimits = {
  maxParamsBytes: 32_768,
  maxContextBytes: 8_192,
};

/** Action and trace ids. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** Names of action types. */
export const ACTION_TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
const MAX_TYPE_LENGTH = 128;
const REQUEST_MEMBERS = [
  "schema_version",
  "action_id",
  "action_type",
  "resource",
  "params",
  "trace_id",
  "context",
] as const;
const IDENTITY_MEMBERS = ["principal", "agent", "environment"] as const;
const OFFLINE_OPTIONAL = ["trace_action_count", "recorded", "redacted", "params_withheld"] as const;

/** Whether a text is a well-formed action type name. */
export function isActionTypeName(text: string): boolean {
  return text.length <= MAX_TYPE_LENGTH && ACTION_TYPE.test(text);
}

/** Whether a text is a well-formed action or trace id. */
export function isActionId(text: string): boolean {
  return ID.test(text);
}

/**
 * Decodes the document an authenticated caller sent. Identity is never taken from it: `principal`, `agent` and
 * `environment` are unknown members here.
 *
 * @returns every problem of the document at once, as `validation_error`
 */
export function decodeRequest(
  bytes: Uint8Array,
  limits: EnvelopeLimits = DEFAULT_ENVELOPE_LIMITS,
): Result<Submitted, Refusal> {
  const read = readObject(bytes, "request body");
  if (!read.ok) return read;
  const envelope = new Envelope(read.value.document);
  envelope.onlyMembers(REQUEST_MEMBERS, []);
  const submitted = envelope.submitted(read.value.parsed, limits);
  return envelope.finish(submitted);
}

/**
 * Decodes an action file, which names the identity that is assumed.
 *
 * @param options.file name for messages
 */
export function decodeActionFile(
  bytes: Uint8Array,
  options: { file?: string; limits?: EnvelopeLimits } = {},
): Result<AssertedDocument, Refusal> {
  const read = readObject(bytes, options.file ?? "action file");
  if (!read.ok) return read;
  const { document, parsed } = read.value;
  const envelope = new Envelope(document);
  envelope.onlyMembers([...REQUEST_MEMBERS, ...IDENTITY_MEMBERS], OFFLINE_OPTIONAL);
  const submitted = envelope.submitted(parsed, options.limits ?? DEFAULT_ENVELOPE_LIMITS);
  const identity = {
    principal: envelope.text("principal"),
    agent: envelope.text("agent"),
    environment: envelope.text("environment"),
  };
  const traceActionCount = envelope.count("trace_action_count");
  const recorded = document["recorded"];
  return envelope.finish({
    submitted,
    ...identity,
    traceActionCount,
    ...(isJsonObject(recorded) ? { recorded } : {}),
  });
}

/**
 * Refuses a document with all of its problems, the message naming the first ones.
 *
 * @param code `validation_error`, `normalization_error` or `invalid_params`
 */
export function refuseDocument(
  code: "validation_error" | "normalization_error" | "invalid_params",
  problems: readonly Problem[],
): Refusal {
  const told = problems.slice(0, 3).map(formatProblem);
  const more = problems.length > 3 ? ` (and ${problems.length - 3} more)` : "";
  return refuse(code, told.join("; ") + more, { problems });
}

function readObject(
  bytes: Uint8Array,
  file: string,
): Result<{ document: JsonObject; parsed: ParsedJson }, Refusal> {
  const parsed = parseJson(bytes, { file, spans: true });
  if (!parsed.ok) return fail(refuseDocument("validation_error", parsed.reason));
  const document = parsed.value.value;
  if (!isJsonObject(document)) {
    return fail(
      refuseDocument("validation_error", [{
        pointer: "",
        message: "Cannot read the document: it is not an object, expected an action document",
      }]),
    );
  }
  return ok({ document, parsed: parsed.value });
}

/** Reads the members of one envelope and collects what is wrong with them. */
class Envelope {
  readonly #document: JsonObject;
  readonly #problems: Problem[] = [];

  constructor(document: JsonObject) {
    this.#document = document;
  }

  onlyMembers(required: readonly string[], optional: readonly string[]): void {
    for (const name in this.#document) {
      if (required.includes(name) || optional.includes(name)) continue;
      this.#problem(
        name,
        `Cannot take member "${echo(name)}": unknown, expected ${required.join(", ")}`,
      );
    }
    for (const name of required) {
      if (this.#document[name] === undefined) {
        this.#problem(name, `Cannot do without member "${name}": it is missing and required`);
      }
    }
  }

  submitted(parsed: ParsedJson, limits: EnvelopeLimits): Submitted {
    this.#exactly("schema_version", "v1");
    const actionId = this.#matching(
      "action_id",
      ID,
      "a letter or digit, then at most 127 of A-Z a-z 0-9 . _ : -",
    );
    const traceId = this.#matching(
      "trace_id",
      ID,
      "a letter or digit, then at most 127 of A-Z a-z 0-9 . _ : -",
    );
    const type = this.#matching(
      "action_type",
      ACTION_TYPE,
      'dotted lower-case words such as "fs.read"',
    );
    if (type.length > MAX_TYPE_LENGTH) {
      this.#problem(
        "action_type",
        `Cannot take the action type: longer than ${MAX_TYPE_LENGTH} characters`,
      );
    }
    const resource = this.text("resource");
    const params = this.#object("params");
    const context = this.#object("context");
    this.#size(parsed, "params", limits.maxParamsBytes);
    this.#size(parsed, "context", limits.maxContextBytes);
    const approvalId = this.#approvalId(context);
    return {
      actionId,
      traceId,
      type,
      resource,
      params,
      ...(approvalId === undefined ? {} : { approvalId }),
    };
  }

  text(name: string): string {
    const value = this.#document[name];
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined) {
      this.#problem(name, `Cannot use "${name}": ${kindOf(value)}, expected a non-empty string`);
    }
    return "";
  }

  count(name: string): number {
    const value = this.#document[name];
    if (value === undefined) return 0;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.#problem(name, `Cannot use "${name}": ${kindOf(value)}, expected a whole number from 0`);
    return 0;
  }

  finish<T>(value: T): Result<T, Refusal> {
    if (this.#problems.length === 0) return ok(value);
    return fail(refuseDocument("validation_error", this.#problems));
  }

  #approvalId(context: JsonObject): string | undefined {
    for (const name in context) {
      if (name === "extensions") continue;
      this.#add(
        toPointer(["context", name]),
        `Cannot take member "${echo(name)}": unknown, expected extensions`,
      );
    }
    const extensions = context["extensions"];
    if (extensions === undefined) return undefined;
    if (!isJsonObject(extensions)) {
      this.#add(
        "/context/extensions",
        `Cannot use extensions: ${kindOf(extensions)}, expected an object`,
      );
      return undefined;
    }
    const approval = extensions["approval"];
    if (approval === undefined) return undefined;
    const id = isJsonObject(approval) ? approval["approval_id"] : undefined;
    if (!isJsonObject(approval) || typeof id !== "string" || Object.keys(approval).length !== 1) {
      this.#add(
        "/context/extensions/approval",
        'Cannot use approval: expected {"approval_id": "apr_…"} and no other member',
      );
      return undefined;
    }
    return id;
  }

  #exactly(name: string, wish: string): void {
    const value = this.#document[name];
    if (value === undefined || value === wish) return;
    const found = typeof value === "string" ? `"${echo(value)}"` : kindOf(value);
    this.#problem(name, `Cannot use ${name} ${found}: expected "${wish}"`);
  }

  #matching(name: string, pattern: RegExp, wish: string): string {
    const value = this.#document[name];
    if (typeof value === "string" && value.length <= 1024 && pattern.test(value)) return value;
    if (value !== undefined) {
      const found = typeof value === "string" ? `"${echo(value)}"` : kindOf(value);
      this.#problem(name, `Cannot use ${name} ${found}: expected ${wish}`);
    }
    return "";
  }

  #object(name: string): JsonObject {
    const value = this.#document[name];
    if (isJsonObject(value)) return value;
    if (value !== undefined) {
      this.#problem(name, `Cannot use "${name}": ${kindOf(value)}, expected an object`);
    }
    return NO_MEMBERS;
  }

  #size(parsed: ParsedJson, name: string, max: number): void {
    const bytes = parsed.memberBytes(name) ?? 0;
    if (bytes > max) {
      this.#problem(name, `Cannot take "${name}": ${bytes} bytes, expected at most ${max}`);
    }
  }

  #problem(name: string, message: string): void {
    this.#add(toPointer([name]), message);
  }

  #add(pointer: string, message: string): void {
    this.#problems.push({ pointer, message });
  }
}

const NO_MEMBERS: JsonObject = Object.freeze({});

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isJsonObject(value)) return "an object";
  if (typeof value === "string") return value === "" ? "an empty string" : "a string";
  return typeof value === "boolean" ? "a boolean" : "a number";
}
