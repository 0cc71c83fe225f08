import { echo, fail, ok, type Problem, type Result } from "../../encoding/mod.ts";
import { fileSink } from "./file.ts";
import type { SinkKind, SinkSpec } from "./sink.ts";
import { sqliteSink } from "./sqlite.ts";
import { stderrSink, stdoutSink } from "./stream.ts";

/** Kinds that operators may know from elsewhere; named so that the refusal can say what is the matter. */
function notInThisVersion(name: string): SinkKind {
  return { name, target: "url", durable: false, open: undefined };
}

/** Every kind of sink, by the word before the colon. */
export const SINK_KINDS: readonly SinkKind[] = [
  stdoutSink,
  stderrSink,
  fileSink,
  sqliteSink,
  notInThisVersion("webhook"),
  notInThisVersion("postgres"),
];

const EXPECTED = "expected stdout, stderr, file:<path> or sqlite:<path>";

/** Finds a kind of sink by name. */
export function sinkKind(name: string): SinkKind | undefined {
  return SINK_KINDS.find((kind) => kind.name === name);
}

/**
 * Reads a comma-separated list of sinks. A sink that is named twice counts once.
 *
 * @param list as in `audit.sink`: `sqlite:audit.db,stdout`
 * @returns the sinks in order, or every problem of the list
 *
 * @example
 * ```ts
 * const sinks = parseSinkList("sqlite:audit.db,stdout");
 * if (sinks.ok) sinks.value[0]; // { kind: "sqlite", target: "audit.db" }
 * ```
 */
export function parseSinkList(list: string): Result<readonly SinkSpec[], readonly Problem[]> {
  const specs: SinkSpec[] = [];
  const problems: Problem[] = [];
  for (const item of list.split(",").map((text) => text.trim()).filter((text) => text !== "")) {
    const spec = parseSink(item);
    if (!spec.ok) problems.push(spec.reason);
    else if (!specs.some((s) => s.kind === spec.value.kind && s.target === spec.value.target)) {
      specs.push(spec.value);
    }
  }
  if (specs.length + problems.length === 0) problems.push(problem(list, `no sink, ${EXPECTED}`));
  return problems.length > 0 ? fail(problems) : ok(specs);
}

function parseSink(item: string): Result<SinkSpec, Problem> {
  const colon = item.indexOf(":");
  const name = colon === -1 ? item : item.slice(0, colon);
  const kind = sinkKind(name);
  if (kind === undefined) {
    return fail(problem(item, `no such kind of sink, ${EXPECTED}`));
  }
  if (kind.open === undefined) {
    // The target may hold a password; the kind alone is named.
    return fail(problem(name, `not available in this version, ${EXPECTED}`));
  }
  const rest = colon === -1 ? "" : item.slice(colon + 1);
  // sqlite://<path> is another way to write sqlite:<path>.
  const target = kind.target === "path" && rest.startsWith("//") ? rest.slice(2) : rest;
  if (kind.target === "none") {
    return colon === -1
      ? ok({ kind: name, target: "" })
      : fail(problem(item, `text behind the name, expected "${name}" alone`));
  }
  return target === ""
    ? fail(problem(item, `no path, expected ${name}:<path>`))
    : ok({ kind: name, target });
}

function problem(item: string, state: string): Problem {
  return { pointer: "/audit/sink", message: `Cannot use audit sink "${echo(item)}": ${state}` };
}
