import * as z from "zod";

/** What a key means beyond its type. */
export interface KeyNotes {
  /** Never shown: the `value` itself, the member `names`, or what a `url` carries besides scheme and host. */
  readonly secret?: "value" | "names" | "url";
  /** May be written as `env:NAME` or `file:/path`; of a record with secret names, the names may. */
  readonly lookup?: boolean;
  /** The value is a path, taken from the folder of the config file. `command`: only when it has a separator. */
  readonly path?: "path" | "command" | "sinks" | "store";
  /** The default is worked out from other keys or from where the process runs; told in these words. */
  readonly derived?: string;
  /** A plain string stands for an object with this one member. */
  readonly shorthand?: string;
}

/** Notes of the schemas in this folder. Kept apart from zod's own metadata, which goes into the JSON Schema. */
export const keyNotes = z.registry<KeyNotes>();

/** Timers count in 32 bits; a longer delay would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;
const MAX_SECONDS = 315_360_000;
const MAX_COUNT = 1_000_000_000;

interface Range {
  readonly min?: number;
  readonly max?: number;
}

type OptionalText = z.ZodOptional<z.ZodString>;
type Count = z.ZodDefault<z.ZodInt>;
type OptionalCount = z.ZodOptional<z.ZodInt>;

/** A text that may be absent; `""` is the same as absent. */
export function text(description: string, notes: KeyNotes = {}): OptionalText {
  return z.string().min(1).register(keyNotes, notes).optional().describe(description);
}

/** A text that must be there. */
export function requiredText(description: string, notes: KeyNotes = {}): z.ZodString {
  return z.string().min(1).register(keyNotes, notes).describe(description);
}

/** A text with a default. */
export function textOr(
  description: string,
  fallback: string,
  notes: KeyNotes = {},
): z.ZodDefault<z.ZodString> {
  return z.string().min(1).register(keyNotes, notes).default(fallback).describe(description);
}

/** A path, taken from the folder of the config file. */
export function path(description: string): OptionalText {
  return text(description, { path: "path" });
}

/** A secret, or where to find it. */
export function secret(description: string): OptionalText {
  return text(`${description} Give the secret itself, env:NAME or file:/path.`, {
    secret: "value",
    lookup: true,
  });
}

/** An on/off switch. */
export function flag(description: string, fallback = false): z.ZodDefault<z.ZodBoolean> {
  return z.boolean().default(fallback).describe(description);
}

/** A whole number with a default. */
export function count(
  description: string,
  fallback: number,
  { min = 1, max = MAX_COUNT }: Range = {},
): Count {
  return z.int().min(min).max(max).default(fallback).describe(description);
}

/** A whole number that may be absent. */
export function optionalCount(
  description: string,
  { min = 1, max = MAX_COUNT }: Range = {},
): OptionalCount {
  return z.int().min(min).max(max).optional().describe(description);
}

/** A time in milliseconds. */
export function milliseconds(description: string, fallback: number, min = 1): Count {
  return count(description, fallback, { min, max: MAX_TIMER_MS });
}

/** A time in milliseconds that may be absent. */
export function optionalMilliseconds(description: string): OptionalCount {
  return optionalCount(description, { max: MAX_TIMER_MS });
}

/** A time in seconds. */
export function seconds(description: string, fallback: number): Count {
  return count(description, fallback, { max: MAX_SECONDS });
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  description: string,
  values: T,
  fallback: T[number],
): z.ZodDefault<z.ZodEnum<{ [Word in T[number]]: Word }>> {
  return z.enum(values).default(fallback as z.core.util.NoUndefined<T[number]>)
    .describe(description);
}

/** A list of texts. */
export function list(
  description: string,
  fallback: readonly string[] = [],
  notes: KeyNotes = {},
): z.ZodDefault<z.ZodArray<z.ZodString>> {
  return z.array(z.string().min(1).register(keyNotes, notes)).default([...fallback])
    .describe(description);
}

/** A section of the file. Absent, all its keys have their defaults. */
export function section<T extends z.core.$ZodLooseShape>(
  description: string,
  shape: T,
): z.ZodPrefault<z.ZodObject<T, z.core.$strict>> {
  const object = z.strictObject(shape);
  // What lacks a default in it is reported as missing, as if the section had been written empty.
  return object.prefault({} as z.input<typeof object>).describe(description);
}
