import { cleanFilePath, encodeUtf8, utf8Length } from "../../encoding/mod.ts";
import type { Claim } from "../../model/mod.ts";
import { type FilePatch, parsePatch, pathsOf } from "../../patch/mod.ts";
import type { ParamReader } from "../params.ts";
import { workspaceResource } from "../workspace_path.ts";

/** One file's part of a patch. `replace` is the short form: the whole new content. */
export type FileEdit =
  | FilePatch
  | { readonly kind: "replace"; readonly path: string; readonly content: Uint8Array };

/** The name of the action type, which every file of a patch is judged under. */
export const APPLY_PATCH = "repo.apply_patch";

/** A long path may break the rules in thousands of places; the first ones tell enough. */
const MAX_FLAWS = 3;

/** Reads `{path, content}`. */
export function readReplacement(reader: ParamReader, maxBytes: number): readonly FileEdit[] {
  reader.require("path");
  reader.require("content");
  const path = reader.text("path");
  const content = reader.text("content");
  if (path === undefined || content === undefined) return [];
  const clean = cleanFilePath(path);
  if (!clean.ok) {
    const flaws = clean.reason.slice(0, MAX_FLAWS).join("; ");
    reader.problem("path", `Cannot use the path: ${flaws}`);
    return [];
  }
  const size = utf8Length(content);
  if (size > maxBytes) reader.problem("content", tooLarge("content", size, maxBytes));
  return size > maxBytes
    ? []
    : [{ kind: "replace", path: clean.value, content: encodeUtf8(content) }];
}

/** Reads `{patch}`. */
export function readPatch(reader: ParamReader, maxBytes: number): readonly FileEdit[] {
  const text = reader.text("patch");
  if (text === undefined) return [];
  const parsed = parsePatch(text);
  if (!parsed.ok) {
    const { message, position } = parsed.reason;
    reader.problem("patch", message, position === undefined ? {} : { position });
    return [];
  }
  const added = parsed.value.reduce((sum, file) => sum + addedBytes(file), 0);
  if (added > maxBytes) reader.problem("patch", tooLarge("patch", added, maxBytes));
  return parsed.value;
}

function tooLarge(what: string, size: number, max: number): string {
  return `Cannot write the ${what}: ${size} bytes, expected at most ${max}`;
}

function addedBytes(file: FilePatch): number {
  let sum = 0;
  for (const hunk of file.hunks) {
    for (const line of hunk.lines) {
      if (line.kind === "add") sum += utf8Length(line.text) + (line.newline ? 1 : 0);
    }
  }
  return sum;
}

/** Every path an edit changes. */
export function editedPaths(edit: FileEdit): readonly string[] {
  return edit.kind === "replace" ? [edit.path] : pathsOf(edit);
}

/**
 * What policy must say about the files of a patch. Each is judged as a patch of that very file, and no rule may deny
 * writing it; where a file moves, no rule may deny reading it either, since its content comes to stand elsewhere.
 *
 * @param resource the action's own; a repository's ALLOW covers files that no rule speaks of
 */
export function claimsOf(edits: readonly FileEdit[], resource: string): readonly Claim[] {
  const mode = resource.startsWith("repo://") ? "covered" : "required";
  return edits.flatMap((edit) =>
    editedPaths(edit).flatMap((path) => {
      const target = workspaceResource(path);
      return claimsOn(target, { mode, own: target === resource, moved: isSource(edit, path) });
    })
  );
}

/** What policy must say about one file, under its written name or the one a symlink led to. */
export function claimsOn(
  resource: string,
  options: { mode: Claim["mode"]; own: boolean; moved: boolean },
): readonly Claim[] {
  return [
    ...(options.own ? [] : [{ type: APPLY_PATCH, resource, mode: options.mode }]),
    { type: "fs.write", resource, mode: "deny_only" as const },
    ...(options.moved ? [{ type: "fs.read", resource, mode: "deny_only" as const }] : []),
  ];
}

/** Whether the content at a path moves elsewhere. */
export function isSource(edit: FileEdit, path: string): boolean {
  return edit.kind === "rename" && edit.from === path;
}
