import type { AssertedDocument } from "../core/engine/submitted.ts";
import type { Problem } from "../core/encoding/problem.ts";
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

/** Reads an action file. */
export async function readAction(context: CommandContext, path: string): Promise<AssertedDocument> {
  const { decodeActionFile } = await import("../core/engine/submitted.ts");
  const decoded = decodeActionFile(await readInput(context, path), { file: path });
  if (!decoded.ok) throw refusedInput(decoded.reason, path);
  return decoded.value;
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

/** A refused document as a failure: `NORMALIZATION_ERROR` where the resource is at fault. */
export function refusedInput(refusal: Refusal, file: string): CommandFailure {
  const word = refusal.code === "normalization_error" ? "NORMALIZATION_ERROR" : "VALIDATION_ERROR";
  const lines = refusal.problems?.length
    ? refusal.problems.map((p) => `${word}: ${formatProblem({ file, ...p })}`)
    : [`${word}: ${file}: ${refusal.message}`];
  return new CommandFailure(2, lines.join("\n"));
}
