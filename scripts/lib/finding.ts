import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { type Place, placeOf, type SourceFile, type SyntaxNode } from "./syntax.ts";

/** One thing that a script of the gate has to say about one place. */
export interface Finding extends Place {
  /** Path from the root of the tree. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** A note is shown, but does not fail the gate. */
  readonly severity: "failure" | "note";
}

/** A failure at a node of a parsed file. */
export function failureAt(file: SourceFile, node: SyntaxNode, message: string): Finding {
  return { path: file.path, ...placeOf(file.text, node.start), message, severity: "failure" };
}

/** A check of the gate: looks at the tree below `root` and says what it found. */
export type Check = (root: string) => Promise<readonly Finding[]>;

/** The top folder of the tree this script belongs to. */
export const PROJECT_ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a check as a program: `--root DIR` (the project by default), one line per finding, exit code 1 when there is
 * a failure, and a summary as the last line.
 *
 * @param name What the summary calls the check.
 */
export async function runCheck(name: string, check: Check): Promise<never> {
  const { values } = parseArgs({ args: Deno.args, options: { root: { type: "string" } } });
  const findings = await check(values.root ?? PROJECT_ROOT);
  for (const finding of findings) print(formatFinding(finding));
  const failures = findings.filter((finding) => finding.severity === "failure").length;
  print(`${name}: ${failures} failures, ${findings.length - failures} notes`);
  Deno.exit(failures === 0 ? 0 : 1);
}

/** A finding as one line: `core/policy/x.ts:3:1 message`. */
export function formatFinding(finding: Finding): string {
  const note = finding.severity === "note" ? "note: " : "";
  return `${finding.path}:${finding.line}:${finding.column} ${note}${finding.message}`;
}

/** Writes one line to standard output. */
export function print(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}
