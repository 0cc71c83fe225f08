import { echo, fail, ok, type Result } from "../../encoding/mod.ts";
import { type Refusal, refuse } from "../../model/mod.ts";
import { applyHunks, type Hunk } from "../../patch/mod.ts";
import type { FileChange, HeldFile } from "../../ports/mod.ts";
import type { FileEdit } from "./edits.ts";
import type { HeldFiles } from "./hold_edits.ts";

/** Largest file a patch is applied to, in bytes; its content is in memory meanwhile. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Most bytes that all files of one patch may come to. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

const NEW_FILE_MODE = 0o600;
const EXECUTE = 0o111;

type Changes = Result<readonly FileChange[], Refusal>;

/** Works out what each file is to become. Reads, and changes nothing. */
export async function planChanges(
  edits: readonly FileEdit[],
  files: HeldFiles,
  signal: AbortSignal,
): Promise<Changes> {
  const changes: FileChange[] = [];
  let total = 0;
  for (const edit of edits) {
    const planned = await planEdit(edit, files, signal);
    if (!planned.ok) return planned;
    for (const change of planned.value) {
      changes.push(change);
      total += change.kind === "write" ? change.content.length : 0;
    }
    if (total > MAX_TOTAL_BYTES) {
      return refuseEdit(edit.path, `all files together exceed ${MAX_TOTAL_BYTES} bytes`);
    }
  }
  return ok(changes);
}

function planEdit(edit: FileEdit, files: HeldFiles, signal: AbortSignal): Promise<Changes> {
  const file = heldAt(files, edit.path);
  switch (edit.kind) {
    case "replace":
      return Promise.resolve(ok([{ kind: "write", held: file, content: edit.content }]));
    case "create":
      return Promise.resolve(planCreate(edit, file));
    case "delete":
      return planDelete(edit, file, signal);
    case "modify":
      return planModify(edit, file, signal);
    case "rename":
      return planRename(edit, { from: heldAt(files, edit.from), to: file }, signal);
  }
}

function planCreate(edit: FileEdit & { kind: "create" }, file: HeldFile): Changes {
  if (file.exists || file.isLink) return refuseExisting(edit.path);
  const content = applyTo(new Uint8Array(0), edit);
  if (!content.ok) return content;
  const mode = edit.executable ? withExecute(NEW_FILE_MODE) : NEW_FILE_MODE;
  return ok([{ kind: "write", held: file, content: content.value, mode }]);
}

async function planDelete(
  edit: FileEdit & { kind: "delete" },
  file: HeldFile,
  signal: AbortSignal,
): Promise<Changes> {
  if (file.isLink) return refuseLink(edit.path);
  const rest = await patched(edit, file, signal);
  if (!rest.ok) return rest;
  if (rest.value.length > 0) {
    return refuseEdit(edit.path, "the file holds more than the patch takes away");
  }
  return ok([{ kind: "delete", held: file }]);
}

async function planModify(
  edit: FileEdit & { kind: "modify" },
  file: HeldFile,
  signal: AbortSignal,
): Promise<Changes> {
  const content = await patched(edit, file, signal);
  if (!content.ok) return content;
  const mode = edit.executable === undefined ? {} : { mode: modeAfter(file.mode, edit.executable) };
  return ok([{ kind: "write", held: file, content: content.value, ...mode }]);
}

async function planRename(
  edit: FileEdit & { kind: "rename" },
  files: { from: HeldFile; to: HeldFile },
  signal: AbortSignal,
): Promise<Changes> {
  const { from, to } = files;
  if (from.isLink) return refuseLink(edit.from);
  if (to.exists || to.isLink) return refuseExisting(edit.path);
  const content = await patched(edit, from, signal);
  if (!content.ok) return content;
  const mode = modeAfter(from.mode, edit.executable);
  return ok([
    { kind: "write", held: to, content: content.value, mode },
    { kind: "delete", held: from },
  ]);
}

async function patched(
  edit: { path: string; hunks: readonly Hunk[] },
  file: HeldFile,
  signal: AbortSignal,
): Promise<Result<Uint8Array, Refusal>> {
  const old = await file.read({ maxBytes: MAX_FILE_BYTES, signal });
  if (!old.ok) return old;
  if (old.value.cut) {
    return refuseEdit(edit.path, `it is larger than ${MAX_FILE_BYTES} bytes, too large to patch`);
  }
  return applyTo(old.value.bytes, edit);
}

function applyTo(
  old: Uint8Array,
  edit: { path: string; hunks: readonly Hunk[] },
): Result<Uint8Array, Refusal> {
  const content = applyHunks(old, edit.hunks);
  return content.ok ? content : refuseEdit(edit.path, content.reason);
}

function heldAt(files: HeldFiles, path: string): HeldFile {
  const file = files.get(path);
  if (file === undefined) throw new Error("a file of the patch is not held");
  return file;
}

/** Permission bits after the executable bit was set or cleared, if it was. Whoever may read may then execute. */
function modeAfter(mode: number, executable: boolean | undefined): number {
  if (executable === undefined) return mode;
  return executable ? withExecute(mode) : mode & ~EXECUTE;
}

function withExecute(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

function refuseEdit(path: string, why: string): { ok: false; reason: Refusal } {
  return fail(refuse("does_not_fit", `Cannot patch "${echo(path)}": ${why}`));
}

function refuseExisting(path: string): { ok: false; reason: Refusal } {
  return refuseEdit(path, "it exists already, and the patch creates it");
}

function refuseLink(path: string): { ok: false; reason: Refusal } {
  return refuseEdit(path, "it is a symlink, expected a file to be deleted or renamed");
}
