/** One line of a hunk. */
export interface HunkLine {
  readonly kind: "context" | "remove" | "add";
  /** Without its line end; a `\r` before it belongs to the text. */
  readonly text: string;
  /** False for the last line of a file that does not end in a newline. */
  readonly newline: boolean;
  /** Line of the patch that it stands on, from 1. */
  readonly at: number;
}

/** One run of changed lines with the lines around it. */
export interface Hunk {
  /** How many lines of the old file come before it. */
  readonly start: number;
  readonly lines: readonly HunkLine[];
  /** Line of the patch with its `@@`, from 1. */
  readonly at: number;
}

interface Changes {
  /** In the order of the file, without overlap. */
  readonly hunks: readonly Hunk[];
  /** Line of the patch where the file begins, from 1. */
  readonly at: number;
}

/** What a patch does to one file. Paths are clean workspace paths. */
export type FilePatch =
  & Changes
  & (
    | { readonly kind: "create"; readonly path: string; readonly executable: boolean }
    | { readonly kind: "delete"; readonly path: string }
    | { readonly kind: "modify"; readonly path: string; readonly executable?: boolean }
    | {
      readonly kind: "rename";
      readonly from: string;
      readonly path: string;
      readonly executable?: boolean;
    }
  );
