import type { Problem } from "./problem.ts";
import { fail, type Result } from "./result.ts";
import { type ParsedDocument, parseJson, problemAt } from "./strict_json.ts";
import { parseYaml } from "./strict_yaml.ts";

/** How {@link parseDocument} reads. */
export interface ParseDocumentOptions {
  /** The file's name: tells the format, and stands in problems. */
  readonly file: string;
  /** Levels of nesting allowed; 64 by default, at most 1,000. */
  readonly maxDepth?: number;
  /** The most bytes the file may have; no limit by default. */
  readonly maxBytes?: number;
}

/**
 * Reads a file a person wrote: `.yaml` and `.yml` as YAML 1.2, `.jsonc` as JSON with comments and trailing
 * commas, everything else as JSON; all equally strict, all to the same values.
 *
 * @param bytes the file's content
 * @returns the frozen document, or every problem found, each with the file's name
 */
export async function parseDocument(
  bytes: Uint8Array,
  options: ParseDocumentOptions,
): Promise<Result<ParsedDocument, Problem[]>> {
  const { file, maxBytes } = options;
  if (maxBytes !== undefined && bytes.length > maxBytes) {
    const message =
      `Cannot read the file: it has ${bytes.length} bytes, expected at most ${maxBytes}`;
    return fail([problemAt({ path: [], message, position: undefined, file })]);
  }
  const depth = options.maxDepth === undefined ? {} : { maxDepth: options.maxDepth };
  if (/\.ya?ml$/i.test(file)) return await parseYaml(bytes, { file, ...depth });
  return parseJson(bytes, { file, ...depth, comments: /\.jsonc$/i.test(file) });
}
