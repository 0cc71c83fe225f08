import type { JsonObject, JsonValue } from "../encoding/mod.ts";
import { pointerToken } from "../encoding/mod.ts";
import type { LoadedConfig } from "./load_config.ts";
import { configSchema } from "./schema.ts";
import { describeSource } from "./sources.ts";
import { emptyTree } from "./tree.ts";
import { childOf, notesOf, type Schema } from "./walk.ts";

/** One value of a config, fit for showing. */
export interface ShownValue {
  /** As people write keys: `gateway.tls.enabled`. */
  readonly key: string;
  /** JSON pointer; names that are secrets are masked in it. */
  readonly pointer: string;
  /** Masked where it is a secret. */
  readonly value: JsonValue;
  /** `file`, `default`, a flag or the name of a variable. */
  readonly source: string;
}

/** A config fit for showing. */
export interface EffectiveConfig {
  /** The whole config with secrets masked. */
  readonly config: JsonObject;
  readonly values: readonly ShownValue[];
}

/** Stands for a secret of any length. */
const MASK = "***";

/**
 * Shows a config as it is in effect: secrets masked, each value with where it came from.
 *
 * INVARIANT: nothing of a secret is in the result, not even its length.
 */
export function effectiveConfig(loaded: LoadedConfig): EffectiveConfig {
  const values: ShownValue[] = [];
  const visit = (value: unknown, schema: Schema, at: Shown): JsonValue => {
    if (value === undefined) return null;
    const { secret } = notesOf(schema);
    if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
      return value.map((item, i) => visit(item, childOf(schema, i) ?? schema, step(at, i, i)));
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const shown = maskLeaf(value as JsonValue, schema);
      const source = describeSource(loaded.sources.of(at.truePointer));
      values.push({ key: at.key, pointer: at.pointer, value: shown, source });
      return shown;
    }
    const tree: { [name: string]: JsonValue } = emptyTree() as { [name: string]: JsonValue };
    for (const [i, [name, member]] of Object.entries(value).entries()) {
      const shownName = secret === "names" ? maskedName(i) : name;
      if (member === undefined) continue;
      tree[shownName] = visit(member, childOf(schema, name) ?? schema, step(at, name, shownName));
    }
    return tree;
  };
  const config = visit(loaded.config, configSchema, { key: "", pointer: "", truePointer: "" });
  return { config: config as JsonObject, values }; // a config is an object
}

interface Shown {
  readonly key: string;
  readonly pointer: string;
  /** With the names that are secrets; never shown. */
  readonly truePointer: string;
}

function step(at: Shown, name: string | number, shown: string | number): Shown {
  const dot = at.key === "" ? "" : ".";
  return {
    key: typeof shown === "number" ? `${at.key}[${shown}]` : `${at.key}${dot}${shown}`,
    pointer: `${at.pointer}/${pointerToken(shown)}`,
    truePointer: `${at.truePointer}/${pointerToken(name)}`,
  };
}

/** Two members cannot have one name. */
function maskedName(index: number): string {
  return index === 0 ? MASK : `${MASK} ${index + 1}`;
}

function maskLeaf(value: JsonValue, schema: Schema): JsonValue {
  const { secret } = notesOf(schema);
  if (secret === "value") return MASK;
  return secret === "url" && typeof value === "string" ? maskUrls(value) : value;
}

/** Masks what a URL may hide besides its host: user and password, query, and the path of a webhook. */
function maskUrls(text: string): string {
  return text.replace(
    /(webhook:)?([a-z][a-z0-9+.-]*:\/\/)([^\s,/?#]*)([^\s,?#]*)([?#][^\s,]*)?/gi,
    (_, webhook: string | undefined, scheme: string, host: string, path: string, rest?: string) => {
      const user = host.includes("@") ? `${MASK}@${host.slice(host.lastIndexOf("@") + 1)}` : host;
      const shownPath = webhook !== undefined && path.length > 1 ? `/${MASK}` : path;
      return `${webhook ?? ""}${scheme}${user}${shownPath}${rest === undefined ? "" : `?${MASK}`}`;
    },
  );
}
