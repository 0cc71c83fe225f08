import type { AssertedDocument } from "../core/engine/submitted.ts";
import type { ParsedDocument } from "../core/encoding/mod.ts";
import type { Position, Problem } from "../core/encoding/problem.ts";
import { formatProblem } from "../core/encoding/problem.ts";
import type { Refusal } from "../core/model/refusal.ts";
import { type CommandContext, CommandFailure } from "./command.ts";

/** Reads an operator's file, or fails with what to do. */
export async function readInput(context: CommandContext, path: string): Promise<Uint8Array> {
  const { files } = context.adapters;
  try {
    return await files.read(files.resolve(files.cwd, path));
  } catch (error) {
    const state = error instanceof Error && "code" in error && error.code === "not_found"
      ? "there is no such file"
      : "it cannot be read";
    throw new CommandFailure(2, `VALIDATION_ERROR: Cannot read "${path}": ${state}`);
  }
}

/** An action file that was read. */
export interface ActionFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly document: AssertedDocument;
}

/** Reads an action file. */
export async function readAction(context: CommandContext, path: string): Promise<ActionFile> {
  const { decodeActionFile } = await import("../core/engine/submitted.ts");
  const bytes = await readInput(context, path);
  const decoded = decodeActionFile(bytes, { file: path });
  if (!decoded.ok) throw await refusedInput(decoded.reason, { path, bytes });
  return { path, bytes, document: decoded.value };
}

/**
 * Checks the bytes of a bundle: the same bytes that are signed, or whose signature was checked.
 *
 * @returns its hash
 */
export async function bundleHash(bytes: Uint8Array, path: string): Promise<string> {
  const { parseBundle } = await import("../core/policy/parse_bundle.ts");
  const bundle = await parseBundle(bytes, { file: path });
  if (!bundle.ok) throw invalidInput(bundle.reason);
  return bundle.value.hash;
}

/** Problems of documents as one failure: a line each, `VALIDATION_ERROR` in front. */
export function invalidInput(problems: readonly Problem[]): CommandFailure {
  return new CommandFailure(
    2,
    problems.map((p) => `VALIDATION_ERROR: ${formatProblem(p)}`).join("\n"),
  );
}

/** A refused action file as a failure: `NORMALIZATION_ERROR` where the resource is at fault. */
export async function refusedInput(
  refusal: Refusal,
  { path, bytes }: Pick<ActionFile, "path" | "bytes">,
): Promise<CommandFailure> {
  const word = refusal.code === "normalization_error" ? "NORMALIZATION_ERROR" : "VALIDATION_ERROR";
  const problems = refusal.problems ?? [];
  if (problems.length === 0) {
    return new CommandFailure(2, `${word}: ${path}: ${refusal.message}`);
  }
  const { parseJson } = await import("../core/encoding/strict_json.ts");
  const parsed = parseJson(bytes);
  const placed = problems.map((problem): Problem => {
    const position = problem.position ?? (parsed.ok && placeOf(parsed.value, problem.pointer));
    return { ...problem, file: path, ...(position && { position }) };
  });
  placed.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
  return new CommandFailure(2, placed.map((p) => `${word}: ${formatProblem(p)}`).join("\n"));
}

/** Where a member stands, or the innermost object that lacks it. */
function placeOf(document: Pick<ParsedDocument, "locate">, pointer: string): Position | undefined {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const position = document.locate(at);
    if (position !== undefined) return position;
  }
  return document.locate("");
}
