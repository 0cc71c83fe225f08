import { fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import { cleanName, readSideName, unquoteName, withoutPrefix } from "./file_name.ts";
import type { FilePatch, Hunk } from "./file_patch.ts";
import { PatchLines } from "./lines.ts";
import { CARRIAGE_RETURN, type ExtendedHeader, parseExtendedHeader } from "./parse_header.ts";
import { parseHunks } from "./parse_hunks.ts";

/** Most files one patch may change. */
export const MAX_PATCH_FILES = 256;

const GIT_LINE = "diff --git ";
const OLD_LINE = "--- ";
const NEW_LINE = "+++ ";
const NOTHING = "/dev/null";

/**
 * Parses a unified diff as git writes it: several files, creations, deletions, renames, changes of the executable
 * bit. Strict: a line that means nothing to it is a problem, since a patch that is only half understood must not be
 * applied half. Takes time linear in the text.
 *
 * @returns the files in their order, or the first problem with its line in the patch
 *
 * @example
 * ```ts
 * parsePatch("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"); // one file to modify
 * ```
 */
export function parsePatch(text: string): Result<readonly FilePatch[], Problem> {
  const lines = new PatchLines(text);
  const files: FilePatch[] = [];
  const seen = new Set<string>();
  for (let line = lines.line; line !== undefined; line = lines.line) {
    if (line === "") {
      lines.next();
      continue;
    }
    const file = parseFile(lines, line);
    if (file === undefined) break;
    files.push(file);
    for (const path of pathsOf(file)) {
      if (seen.has(path)) lines.fail("a file is changed twice, expected once", { line: file.at });
      seen.add(path);
    }
    if (files.length > MAX_PATCH_FILES) {
      lines.fail(`it changes more than ${MAX_PATCH_FILES} files`, { line: file.at });
    }
  }
  if (lines.problem !== undefined) return fail(lines.problem);
  if (files.length === 0) lines.fail("it has no files");
  return lines.problem === undefined ? ok(files) : fail(lines.problem);
}

/** Every path that a file's patch changes. */
export function pathsOf(file: FilePatch): readonly string[] {
  return file.kind === "rename" ? [file.from, file.path] : [file.path];
}

function parseFile(lines: PatchLines, line: string): FilePatch | undefined {
  if (line.endsWith("\r")) lines.fail(CARRIAGE_RETURN);
  else if (line.startsWith(GIT_LINE)) return parseGitFile(lines, line.slice(GIT_LINE.length));
  else if (line.startsWith(OLD_LINE)) return parsePlainFile(lines);
  else if (/^(@@|[-+ \\])/.test(line)) lines.fail("a hunk line stands outside of a hunk");
  else lines.fail('the line means nothing, expected "diff --git", "---" or a hunk');
  return undefined;
}

/** The names behind `---` and `+++`; `undefined` is `/dev/null`. */
interface Sides {
  readonly old: string | undefined;
  readonly now: string | undefined;
}

function parsePlainFile(lines: PatchLines): FilePatch | undefined {
  const at = lines.number;
  const sides = parseSides(lines);
  if (sides === undefined) return undefined;
  const hunks = parseHunks(lines);
  if (hunks.length === 0) lines.fail("the file has no hunks", { line: at });
  const { old, now } = sides;
  const path = clean(lines, now ?? old, at);
  if (path === undefined) return undefined;
  if (old === undefined) return { kind: "create", path, executable: false, hunks, at };
  if (now === undefined) return { kind: "delete", path, hunks, at };
  if (old !== now) {
    lines.fail("the old and the new name differ, expected a git diff with rename lines", {
      line: at,
    });
  }
  return { kind: "modify", path, hunks, at };
}

function parseGitFile(lines: PatchLines, names: string): FilePatch | undefined {
  const at = lines.number;
  lines.next();
  const header = parseExtendedHeader(lines);
  const told = lines.line?.startsWith(OLD_LINE) ? parseSides(lines) : undefined;
  const hunks = told === undefined ? [] : parseHunks(lines);
  if (lines.problem !== undefined) return undefined;
  const same = sameName(names);
  const old = header.from ?? same;
  const now = header.to ?? same;
  const flaw = gitFlaw({ names, header, told, hunks, old, now });
  if (flaw !== undefined) lines.fail(flaw, { line: at });
  const path = clean(lines, now, at);
  const from = clean(lines, old, at);
  if (path === undefined || from === undefined) return undefined;
  return toFilePatch(header, { path, from, hunks, at });
}

function toFilePatch(
  header: ExtendedHeader,
  found: { path: string; from: string; hunks: readonly Hunk[]; at: number },
): FilePatch {
  const { path, from, hunks, at } = found;
  const { created, deleted, newMode } = header;
  const mode = newMode === undefined ? {} : { executable: newMode };
  if (created !== undefined) return { kind: "create", path, executable: created, hunks, at };
  if (deleted) return { kind: "delete", path, hunks, at };
  if (header.from !== undefined) return { kind: "rename", from, path, hunks, at, ...mode };
  return { kind: "modify", path, hunks, at, ...mode };
}

/** What contradicts itself between the lines of one file. */
function gitFlaw(file: {
  names: string;
  header: ExtendedHeader;
  told: Sides | undefined;
  hunks: readonly Hunk[];
  old: string | undefined;
  now: string | undefined;
}): string | undefined {
  const { names, header, told, hunks, old, now } = file;
  if (old === undefined || now === undefined) {
    return 'the line does not name one file twice, expected "a/<path> b/<path>" or rename lines';
  }
  if (!saysNames(names, old, now)) return "the line and the rename lines name different files";
  if (told === undefined) {
    const changes = Object.keys(header).length > 0;
    return changes ? undefined : "the file has neither hunks nor a change of mode or name";
  }
  if (hunks.length === 0) return "the file has --- and +++ lines but no hunks";
  if (told.old !== (header.created === undefined ? old : undefined)) {
    return told.old === undefined
      ? 'the old file is /dev/null, expected a line "new file mode 100644" too'
      : "the --- line names another file";
  }
  if (told.now !== (header.deleted ? undefined : now)) {
    return told.now === undefined
      ? 'the new file is /dev/null, expected a line "deleted file mode 100644" too'
      : "the +++ line names another file";
  }
  return undefined;
}

function parseSides(lines: PatchLines): Sides | undefined {
  const old = parseSide(lines, OLD_LINE, "a/");
  if (!lines.line?.startsWith(NEW_LINE)) lines.fail('expected a line that begins with "+++ "');
  const now = parseSide(lines, NEW_LINE, "b/");
  if (lines.problem === undefined && old === undefined && now === undefined) {
    lines.fail("both files are /dev/null");
  }
  return lines.problem === undefined ? { old, now } : undefined;
}

function parseSide(lines: PatchLines, start: string, prefix: "a/" | "b/"): string | undefined {
  const { line } = lines;
  if (line === undefined) return undefined;
  if (line.endsWith("\r")) lines.fail(CARRIAGE_RETURN);
  const name = readSideName(line.slice(start.length));
  const path = !name.ok || name.value === NOTHING ? name : withoutPrefix(name.value, prefix);
  if (!path.ok) lines.fail(path.reason, { column: start.length + 1 });
  lines.next();
  return path.ok && path.value !== NOTHING ? path.value : undefined;
}

function clean(lines: PatchLines, name: string | undefined, at: number): string | undefined {
  if (name === undefined || lines.problem !== undefined) return undefined;
  const path = cleanName(name);
  if (path.ok) return path.value;
  lines.fail(path.reason, { line: at });
  return undefined;
}

/** The one name that `a/<name> b/<name>` says; names may hold blanks, so both halves must be equal. */
function sameName(names: string): string | undefined {
  if (names.startsWith('"')) {
    const first = unquoteName(names);
    if (!first.ok || !first.value.name.startsWith("a/")) return undefined;
    const name = first.value.name.slice(2);
    return saysNames(names, name, name) ? name : undefined;
  }
  const length = (names.length - "a/ b/".length) / 2;
  if (!Number.isInteger(length) || length < 1) return undefined;
  const name = names.slice(2, 2 + length);
  return names === `a/${name} b/${name}` ? name : undefined;
}

/** Whether a `diff --git` line says these names, each quoted or not. */
function saysNames(names: string, old: string, now: string): boolean {
  const rest = afterName(names, `a/${old}`);
  if (rest === undefined || !rest.startsWith(" ")) return false;
  return afterName(rest.slice(1), `b/${now}`) === "";
}

/** What follows a name, quoted or not, at the beginning of a text; `undefined` when another name stands there. */
function afterName(text: string, name: string): string | undefined {
  if (!text.startsWith('"')) return text.startsWith(name) ? text.slice(name.length) : undefined;
  const quoted = unquoteName(text);
  return quoted.ok && quoted.value.name === name ? text.slice(quoted.value.length) : undefined;
}
