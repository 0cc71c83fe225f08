import type { Caps, Executed, RawStream } from "../actions/mod.ts";
import type { JsonObject, JsonValue } from "../encoding/mod.ts";
import type { Terms } from "../model/mod.ts";
import { type Redacted, type Redactor, scrubJson, summarize } from "../redact/mod.ts";

/** What may leave the engine of an execution. */
export interface Disclosed {
  readonly streams: Readonly<Partial<Record<"output" | "stdout" | "stderr", Redacted>>>;
  readonly truncated: boolean;
  /** Executor's facts for the audit event, redacted. */
  readonly metadata: JsonObject;
  /** At most 256 bytes of what came back, for the audit event. */
  readonly summary: string;
}

/**
 * Redacts what an executor brought back, with the built-in and operators' patterns, the rule's own and the secrets
 * that were leased, and only then cuts it: a cap can never cut a secret in half and let the rest through.
 */
export function disclose(
  executed: Executed,
  redactor: Redactor,
  bounds: { readonly terms: Terms; readonly caps: Caps },
): Disclosed {
  const own = redactor.with({
    secrets: executed.secrets,
    patterns: bounds.terms.redact ?? [],
  });
  const streams: Partial<Record<"output" | "stdout" | "stderr", Redacted>> = {};
  const cuts: Record<string, JsonValue> = {};
  let truncated = false;
  let summary = "";
  for (const name of ["output", "stdout", "stderr"] as const) {
    const raw: RawStream | undefined = executed.streams[name];
    if (raw === undefined) continue;
    const whole = own.redacted(raw.text, {
      openEnd: raw.cut,
      ...(raw.before ? { before: raw.before } : {}),
    });
    const cut = whole.cut(bounds.caps);
    streams[name] = cut.redacted;
    if (raw.cut || cut.truncated) {
      truncated = true;
      // Executors know only what they threw away themselves; the record says what the answer says.
      cuts[name === "output" ? "truncated" : `${name}_truncated`] = true;
    }
    if (summary === "") summary = cut.redacted.text.slice(0, 1024);
  }
  return {
    streams,
    truncated,
    metadata: scrubJson(own, { ...executed.metadata, ...cuts }).value,
    summary: summarize(own, summary),
  };
}
