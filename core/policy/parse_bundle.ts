import {
  canonicalJson,
  type Digest,
  echo,
  fail,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ok,
  type ParsedDocument,
  parseDocument,
  portableDigest,
  type Position,
  type Problem,
  type Result,
} from "../encoding/mod.ts";
import { checkExamples } from "./examples.ts";
import { needsRe2 } from "./parse_params_match.ts";
import { parseRule, type ReadRule } from "./parse_rule.ts";
import { Problems, readWord } from "./problems.ts";
import { loadRe2 } from "./re2.ts";
import type { ParsedBundle, RulePlace } from "./rule.ts";

/** A bundle may have at most this many bytes: 16 MiB. */
export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/** How {@link parseBundle} reads. */
export interface ParseBundleOptions {
  /** The bundle's path as the user knows it: tells the format, and stands in problems and explanations. */
  readonly file: string;
  /** Who computes the hash; the portable digest by default. */
  readonly digest?: Digest;
}

/**
 * Reads a policy bundle, YAML (`.yaml`, `.yml`) or JSON, checks everything in it and computes its hash.
 *
 * @param bytes the file's content
 * @returns the bundle, or every problem found, each with line and column
 *
 * @example
 * ```ts
 * const text = `{"version": "v1", "rules": [
 *   {"id": "read", "action_type": "fs.read", "resource": "file://workspace/**", "decision": "ALLOW"}]}`;
 * const bundle = await parseBundle(new TextEncoder().encode(text), { file: "policy.json" });
 * if (bundle.ok) bundle.value.rules.length; // 1
 * ```
 */
export async function parseBundle(
  bytes: Uint8Array,
  options: ParseBundleOptions,
): Promise<Result<ParsedBundle, Problem[]>> {
  const { file } = options;
  const document = await parseDocument(bytes, { file, maxBytes: MAX_BUNDLE_BYTES });
  if (!document.ok) return document;
  const problems = new Problems();
  const read = await readBundle(document.value.value, problems);
  if (problems.list.length > 0) {
    return fail(report(problems.list, document.value, file));
  }
  const typed = Object.freeze({ version: "v1", rules: read.map((rule) => rule.typed) });
  const hash = (options.digest ?? portableDigest).sha256Hex(canonicalJson(typed));
  const bundleSource = `${file}#${hash}`;
  const rules = read.map(({ body, index }) =>
    Object.freeze({ ...body, place: placeOf(document.value, file, index), bundleSource })
  );
  return ok({ file, hash, rules, typed });
}

type IndexedRule = ReadRule & { readonly index: number };

async function readBundle(value: JsonValue, problems: Problems): Promise<IndexedRule[]> {
  if (!isJsonObject(value)) {
    problems.add("", "Cannot read the bundle: expected an object with version and rules");
    return [];
  }
  problems.unknownMembers(value, ["version", "rules"], "");
  readWord(value.version, ["v1"], { pointer: "/version", problems });
  const { rules } = value;
  if (rules === undefined) {
    problems.add("", 'Cannot find member "rules": missing, expected a list of rules');
  } else if (!isJsonArray(rules) || rules.length === 0) {
    problems.unfit(rules, "/rules", "a list of at least one rule");
  }
  return isJsonArray(rules) ? await readRules(rules, problems) : [];
}

async function readRules(rules: readonly JsonValue[], problems: Problems): Promise<IndexedRule[]> {
  const re2 = rules.some((rule) => isJsonObject(rule) && needsRe2(rule))
    ? await loadRe2()
    : undefined;
  const seen = new Map<string, number>();
  return rules.flatMap((value, index) => {
    const pointer = `/rules/${index}`;
    const before = problems.list.length;
    const rule = parseRule(value, { pointer, problems, re2 });
    noteId(value, index, { seen, problems });
    if (rule === undefined) return [];
    // Examples of a rule that is wrong in itself would only repeat what is wrong.
    if (problems.list.length === before && isJsonObject(value)) {
      readExamples(rule, value, { pointer, problems });
    }
    return [{ ...rule, index }];
  });
}

function noteId(
  rule: JsonValue,
  index: number,
  { seen, problems }: { seen: Map<string, number>; problems: Problems },
): void {
  const id = isJsonObject(rule) ? rule.id : undefined;
  if (typeof id !== "string" || id === "") return;
  const first = seen.get(id);
  if (first === undefined) seen.set(id, index);
  else {
    const message = `Cannot use "${echo(id, 60)}" as id: rule ${
      first + 1
    } has it already, expected a unique id`;
    problems.add(`/rules/${index}/id`, message);
  }
}

function readExamples(
  rule: ReadRule,
  value: JsonObject,
  { pointer, problems }: { pointer: string; problems: Problems },
): void {
  const lists = [["match", true], ["not_match", false]] as const;
  for (const [name, expected] of lists) {
    const examples = value[name];
    if (examples === undefined) continue;
    checkExamples(rule.body, examples, { pointer: `${pointer}/${name}`, problems, expected });
  }
}

/** Problems with their places, from the top of the file down. */
function report(found: readonly Problem[], document: ParsedDocument, file: string): Problem[] {
  // Finding a place walks the text: a bundle that is wrong everywhere must not take forever to say so.
  const told = found.slice(0, MAX_TOLD).map((problem) => placed(problem, document, file));
  told.sort((a, b) =>
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
  if (found.length <= MAX_TOLD) return told;
  const message = `Cannot read the bundle: ${found.length - MAX_TOLD} more problems are not listed`;
  return [...told, { pointer: "", message, file }];
}

/** At most this many problems of one bundle are listed. */
const MAX_TOLD = 100;

function placed(problem: Problem, document: ParsedDocument, file: string): Problem {
  const position = document.locate(problem.pointer);
  return { ...problem, file, ...(position === undefined ? {} : { position }) };
}

function placeOf(document: ParsedDocument, file: string, index: number): RulePlace {
  const pointer = `/rules/${index}`;
  let found: { position: Position | undefined } | undefined;
  return {
    file,
    pointer,
    position: () => (found ??= { position: document.locate(pointer) }).position,
  };
}
