export type { FilePatch, Hunk, HunkLine } from "./file_patch.ts";
export { MAX_PATCH_FILES, parsePatch, pathsOf } from "./parse_patch.ts";
export { applyHunks } from "./apply_hunks.ts";
