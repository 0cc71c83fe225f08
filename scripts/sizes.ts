/**
 * Keeps files and functions small, and out of the tree what lets types or tests through: `any`, suppressions, skipped
 * and focused tests, marks of unfinished work. `deno run -A scripts/sizes.ts [--root DIR]`.
 *
 * Functions are measured on the syntax tree, from their first line to their last, nested ones included.
 */
import { join } from "node:path";
import { failureAt, type Finding, runCheck } from "./lib/finding.ts";
import { readSources } from "./lib/sources.ts";
import { identifierName, isNode, type SourceFile, type SyntaxNode, walk } from "./lib/syntax.ts";
import { placeOf } from "./lib/syntax.ts";
import { listFiles, PRODUCT, SUPPORT } from "./lib/tree.ts";

/** Lines: above `note` a note, above `failure` a failure. */
const FILE_LINES = { note: 200, failure: 400 };
const FUNCTION_LINES = { note: 50, failure: 80 };

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const TEST_FUNCTION = /^(it|test|describe|suite|bench)$/;
const NOT_RUN = /^(skip|only|todo)$/;

/** A pattern that must not stand anywhere in a text, and why. */
interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
}

const PRODUCT_BANS: readonly Ban[] = [
  { pattern: /@ts-(ignore|expect-error|nocheck)/g, message: "suppresses the compiler" },
];

const CODE_BANS: readonly Ban[] = [
  // The brackets keep this file from being found by its own patterns.
  { pattern: /\b(T[O]DO|FIX[M]E)\b|\bnot[ ]implemented\b/g, message: "is unfinished work" },
  {
    pattern: /deno-lint-ignore(-file)?(?![^\n]*--\s*\S)/g,
    message: "suppresses the linter without a reason: add `-- <why>`",
  },
];

const TEXT_BANS: readonly Ban[] = [
  {
    pattern: /\bshared[/](spec|design)\b|\.\.[/]shared\b/gi,
    message: "points to a place outside of the project, which nobody who clones it has",
  },
];

/** Checks a whole tree. */
export async function checkSizes(root: string): Promise<readonly Finding[]> {
  const product = await readSources(root, PRODUCT);
  const support = await readSources(root, SUPPORT);
  const code = [...product.files, ...support.files];
  return [
    ...product.failures,
    ...support.failures,
    ...product.files.flatMap((file) => [
      ...judgeFileLength(file),
      ...judgeFunctions(file),
      ...judgeAny(file),
      ...bannedWords(file, PRODUCT_BANS),
    ]),
    ...code.flatMap((file) => [...judgeTests(file), ...bannedWords(file, CODE_BANS)]),
    ...await bannedEverywhere(root),
  ];
}

function judgeFileLength(file: SourceFile): Finding[] {
  const lines = lineCount(file.text);
  if (lines <= FILE_LINES.note) return [];
  const failed = lines > FILE_LINES.failure;
  return [{
    path: file.path,
    line: 1,
    column: 1,
    message: `has ${lines} lines, expected at most ${FILE_LINES[failed ? "failure" : "note"]}`,
    severity: failed ? "failure" : "note",
  }];
}

function judgeFunctions(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node, ancestors) => {
    if (!FUNCTION.test(node.type)) return;
    const lines = lineCount(file.text.slice(node.start, node.end));
    if (lines <= FUNCTION_LINES.note) return;
    const failed = lines > FUNCTION_LINES.failure;
    const limit = FUNCTION_LINES[failed ? "failure" : "note"];
    const message = `${
      functionName(node, ancestors)
    } has ${lines} lines, expected at most ${limit}`;
    findings.push({
      ...failureAt(file, node, message),
      severity: failed ? "failure" : "note",
    });
  });
  return findings;
}

function functionName(node: SyntaxNode, ancestors: readonly SyntaxNode[]): string {
  const parent = ancestors.at(-1);
  const holder = parent?.["key"] ?? (parent?.type === "VariableDeclarator" ? parent["id"] : null);
  const name = identifierName(node["id"]) ?? identifierName(holder);
  return name === undefined ? "a function" : `function ${name}`;
}

function judgeAny(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    if (node.type === "TSAnyKeyword") {
      findings.push(failureAt(file, node, "lets any type through: use unknown, and narrow it"));
    }
    if (node.type === "TSNonNullExpression") {
      findings.push(failureAt(file, node, "asserts with `!` that a value is there: handle both"));
    }
  });
  return findings;
}

/** Finds focused and skipped tests, also behind `it.concurrent` or `describe.each`. */
function judgeTests(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    if (node.type !== "MemberExpression") return;
    const member = identifierName(node["property"]);
    if (member === undefined || !NOT_RUN.test(member)) return;
    let base: unknown = node["object"];
    while (isNode(base) && base.type === "MemberExpression") base = base["object"];
    const test = identifierName(base);
    if (test === undefined || !TEST_FUNCTION.test(test)) return;
    findings.push(failureAt(file, node, `${test}.${member} keeps tests from running`));
  });
  return findings;
}

function bannedWords(file: { path: string; text: string }, bans: readonly Ban[]): Finding[] {
  return bans.flatMap(({ pattern, message }) =>
    [...file.text.matchAll(pattern)].map((match) => ({
      path: file.path,
      ...placeOf(file.text, match.index),
      message: `"${match[0]}" ${message}`,
      severity: "failure" as const,
    }))
  );
}

async function bannedEverywhere(root: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of await listFiles(root)) {
    const text = await Deno.readTextFile(join(root, path)).catch(() => "");
    findings.push(...bannedWords({ path, text }, TEXT_BANS));
  }
  return findings;
}

function lineCount(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

if (import.meta.main) await runCheck("sizes", checkSizes);
