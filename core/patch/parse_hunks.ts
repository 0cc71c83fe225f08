import type { Hunk, HunkLine } from "./file_patch.ts";
import type { PatchLines } from "./lines.ts";

const HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;
// The words depend on the language of whoever made the patch; git takes a line that is long enough.
const NO_NEWLINE = /^\\ .{10}/;

/** Where the hunks of one file have come to. */
interface Progress {
  /** Old lines that hunks have covered so far. */
  oldEnd: number;
  /** How many lines longer the new file is so far. */
  shift: number;
  /** Whether a hunk has reached the end of the old or new file, so that none can follow. */
  ended: boolean;
}

/** One side of a hunk while it is read. */
interface Side {
  left: number;
  /** Whether its last line had no newline. */
  closed: boolean;
}

/** Parses all hunks that stand here. */
export function parseHunks(lines: PatchLines): readonly Hunk[] {
  const hunks: Hunk[] = [];
  const progress: Progress = { oldEnd: 0, shift: 0, ended: false };
  while (lines.line?.startsWith("@@")) {
    const hunk = parseHunk(lines, progress);
    if (hunk === undefined) break;
    hunks.push(hunk);
  }
  return hunks;
}

function parseHunk(lines: PatchLines, progress: Progress): Hunk | undefined {
  const at = lines.number;
  const found = HEADER.exec(lines.line ?? "");
  if (found === null) {
    lines.fail('the hunk header is not of the form "@@ -1,2 +1,3 @@"');
    return undefined;
  }
  const old = range(found[1], found[2]);
  const now = range(found[3], found[4]);
  const flaw = placeFlaw({ old, now }, progress);
  if (flaw !== undefined) {
    lines.fail(flaw);
    return undefined;
  }
  lines.next();
  const body = parseBody(lines, { old: old.count, now: now.count });
  if (body === undefined) return undefined;
  progress.oldEnd = old.before + old.count;
  progress.shift += now.count - old.count;
  progress.ended = body.ended;
  return { start: old.before, lines: body.lines, at };
}

/** How many lines come before the hunk, and how many are in it. A hunk without lines names the line before it. */
function range(start = "0", count = "1"): { before: number; count: number; start: number } {
  const lines = Number(count);
  return { before: Number(start) - (lines === 0 ? 0 : 1), count: lines, start: Number(start) };
}

function placeFlaw(
  { old, now }: Record<"old" | "now", ReturnType<typeof range>>,
  progress: Progress,
): string | undefined {
  if (old.count + now.count === 0) return "the hunk has no lines";
  if (old.before < 0 || now.before < 0) return "the hunk begins at line 0, lines count from 1";
  if (progress.ended) return "a hunk follows one that reached the end of the file";
  if (old.before < progress.oldEnd) {
    return "the hunk overlaps the one before it, or is out of order";
  }
  const expected = old.before + progress.shift;
  if (now.before !== expected) {
    const start = expected + (now.count === 0 ? 0 : 1);
    return `the hunk begins at +${now.start}, expected +${start} after what comes before it`;
  }
  return undefined;
}

function parseBody(
  lines: PatchLines,
  counts: { old: number; now: number },
): { lines: HunkLine[]; ended: boolean } | undefined {
  const old: Side = { left: counts.old, closed: false };
  const now: Side = { left: counts.now, closed: false };
  const found: HunkLine[] = [];
  while (old.left > 0 || now.left > 0) {
    const line = parseLine(lines, { old, now });
    if (line === undefined) return undefined;
    found.push(line);
  }
  if (!found.some((line) => line.kind !== "context")) {
    lines.fail("the hunk before this line changes nothing");
    return undefined;
  }
  return { lines: found, ended: old.closed || now.closed };
}

function parseLine(lines: PatchLines, sides: Record<"old" | "now", Side>): HunkLine | undefined {
  const { line, number } = lines;
  const kind = line === undefined ? undefined : kindOf(line);
  if (line === undefined || kind === undefined) {
    const { old, now } = sides;
    lines.fail(`the hunk ends too early: ${old.left} old and ${now.left} new lines are missing`);
    return undefined;
  }
  const touched = [
    ...(kind === "add" ? [] : [sides.old]),
    ...(kind === "remove" ? [] : [sides.now]),
  ];
  if (touched.some((side) => side.left === 0)) {
    lines.fail("the hunk has more lines than its header says");
    return undefined;
  }
  if (touched.some((side) => side.closed)) {
    lines.fail("a line follows one that has no newline and so is the last of its file");
    return undefined;
  }
  lines.next();
  const newline = !NO_NEWLINE.test(lines.line ?? "");
  if (!newline) lines.next();
  for (const side of touched) {
    side.left--;
    side.closed = !newline;
  }
  return { kind, text: line.slice(1), newline, at: number };
}

/** What the first character says. Editors and mail strip the blank of an empty context line, git takes that too. */
function kindOf(line: string): HunkLine["kind"] | undefined {
  if (line === "" || line.startsWith(" ")) return "context";
  return line.startsWith("-") ? "remove" : line.startsWith("+") ? "add" : undefined;
}
