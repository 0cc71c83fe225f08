import { echo } from "../encoding/mod.ts";
import { readName } from "./file_name.ts";
import type { PatchLines } from "./lines.ts";

/** The lines between `diff --git` and the hunks. */
export interface ExtendedHeader {
  oldMode?: boolean;
  newMode?: boolean;
  /** Of a created file: whether it is executable. */
  created?: boolean;
  deleted?: boolean;
  from?: string;
  to?: string;
}

type Reader = (lines: PatchLines, rest: string, header: ExtendedHeader) => void;

/** What each line of the header sets; its name with the blank behind it. */
const READERS: Readonly<Record<string, Reader>> = {
  "old mode ": (lines, rest, header) => set(lines, header, { oldMode: executable(lines, rest) }),
  "new mode ": (lines, rest, header) => set(lines, header, { newMode: executable(lines, rest) }),
  "new file mode ": (lines, rest, header) =>
    set(lines, header, { created: executable(lines, rest) }),
  "deleted file mode ": (lines, rest, header) => {
    executable(lines, rest);
    set(lines, header, { deleted: true });
  },
  "rename from ": (lines, rest, header) => set(lines, header, { from: nameOf(lines, rest) }),
  "rename to ": (lines, rest, header) => set(lines, header, { to: nameOf(lines, rest) }),
  "similarity index ": () => {},
  "dissimilarity index ": () => {},
  "index ": (lines, rest) => {
    const mode = / (\d+)$/.exec(rest)?.[1];
    if (mode !== undefined) executable(lines, mode);
  },
  "copy ": (lines) =>
    lines.fail("it copies a file, expected a patch that creates it with its content"),
  "GIT binary patch": (lines) => lines.fail(BINARY),
  "Binary files ": (lines) => lines.fail(BINARY),
};

const BINARY = "it changes a binary file, expected text; fs.write takes base64";

/** Reads the lines that follow `diff --git`, up to the hunks or the next file. */
export function parseExtendedHeader(lines: PatchLines): ExtendedHeader {
  const header: ExtendedHeader = {};
  for (let line = lines.line; line !== undefined; line = lines.line) {
    const name = Object.keys(READERS).find((start) => line?.startsWith(start));
    if (name === undefined) break;
    if (line.endsWith("\r")) lines.fail(CARRIAGE_RETURN);
    READERS[name]?.(lines, line.slice(name.length), header);
    lines.next();
  }
  const flaw = headerFlaw(header);
  if (flaw !== undefined) lines.fail(flaw);
  return header;
}

/** The phrase for a header line with a `\r`. */
export const CARRIAGE_RETURN =
  "the line ends in a carriage return, expected one only in the text of a file";

function set(lines: PatchLines, header: ExtendedHeader, value: ExtendedHeader): void {
  const [name] = Object.keys(value);
  if (name !== undefined && Object.hasOwn(header, name)) lines.fail("the line stands twice");
  Object.assign(header, value);
}

/** Whether a mode is of an executable file; other modes are symlinks, submodules and folders. */
function executable(lines: PatchLines, mode: string): boolean {
  if (mode !== "100644" && mode !== "100755") {
    lines.fail(`mode "${echo(mode, 12)}" is not of a regular file, expected 100644 or 100755`);
  }
  return mode === "100755";
}

function nameOf(lines: PatchLines, text: string): string {
  const name = readName(text);
  if (name.ok) return name.value;
  lines.fail(name.reason);
  return "";
}

function headerFlaw(header: ExtendedHeader): string | undefined {
  const { oldMode, newMode, created, deleted, from, to } = header;
  if ((oldMode === undefined) !== (newMode === undefined)) {
    return "old mode and new mode stand together or not at all";
  }
  if ((from === undefined) !== (to === undefined)) {
    return "rename from and rename to stand together or not at all";
  }
  const kinds = [created, deleted, from].filter((kind) => kind !== undefined).length;
  if (kinds > 1) return "the file is created, deleted or renamed, expected one of these";
  if (oldMode !== undefined && (created !== undefined || deleted !== undefined)) {
    return "a created or deleted file has no old and new mode";
  }
  return undefined;
}
