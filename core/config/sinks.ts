/** What stands before the colon of a sink. */
export const SINK_KINDS = ["stdout", "stderr", "file", "sqlite", "webhook", "postgres"] as const;

/** The kind of one audit sink. */
export type SinkKind = (typeof SINK_KINDS)[number];

/** One entry of `audit.sink`. */
export interface SinkEntry {
  /** `undefined` when the entry names no known kind. */
  readonly kind: SinkKind | undefined;
  /** The path or URL behind the kind; `""` for the streams. */
  readonly target: string;
  readonly text: string;
}

/**
 * Splits the comma-separated list of sinks. `sqlite:`, `file:` and their forms with `//` name a path; the
 * `postgres` entry may be the connection URL itself.
 *
 * @example
 * ```ts
 * splitSinks("stdout, sqlite://audit.db")[1]; // { kind: "sqlite", target: "audit.db", … }
 * ```
 */
export function splitSinks(sink: string): SinkEntry[] {
  return sink.split(",").map((part) => part.trim()).filter((part) => part !== "").map(toEntry);
}

function toEntry(text: string): SinkEntry {
  if (text === "stdout" || text === "stderr") return { kind: text, target: "", text };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: "postgres", target: text, text };
  const colon = text.indexOf(":");
  const name = text.slice(0, colon);
  const target = colon === -1 ? "" : text.slice(colon + 1);
  if (name === "file" || name === "sqlite") {
    return { kind: name, target: target.replace(/^\/\//, ""), text };
  }
  if (name === "webhook" || name === "postgres") return { kind: name, target, text };
  return { kind: undefined, target, text };
}
