/** A place in a source text. Lines and columns count from 1; columns count UTF-16 code units. */
export interface Position {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 code units. */
  readonly column: number;
}

/**
 * One thing that is wrong with a document. Readers of documents collect all problems and fail once.
 */
export interface Problem {
  /** JSON pointer (RFC 6901) of the member at fault; `""` is the document itself. */
  readonly pointer: string;
  /** `Cannot <act> "<value>": <state>, expected <wish>`; never a secret, at most 120 characters of input. */
  readonly message: string;
  /** The document's name as the user knows it (a path, `request body`), when there is one. */
  readonly file?: string;
  /** Where in the source it stands, when that is known. */
  readonly position?: Position;
}

/**
 * Writes a problem as one line: `file:line:column: pointer: message`, leaving out what is not known.
 *
 * @example
 * ```ts
 * formatProblem({ pointer: "/a", message: "unknown member", file: "x.json", position: { line: 1, column: 2 } });
 * // "x.json:1:2: /a: unknown member"
 * ```
 */
export function formatProblem(problem: Problem): string {
  const at = problem.position;
  const place = at ? `${problem.file ?? ""}:${at.line}:${at.column}` : problem.file;
  // A pointer is made of the document's own names, which may hold anything.
  return [place, echo(problem.pointer), problem.message].filter((part) =>
    part !== undefined && part !== ""
  )
    .join(": ");
}

/** At most this many characters of a caller's input appear in any message. */
export const MAX_ECHO = 120;

/**
 * Shortens input for a message and makes control and format characters visible, so that a message can
 * neither flood a log nor forge a line of it.
 *
 * @param text caller's input
 * @param max most characters kept
 */
export function echo(text: string, max: number = MAX_ECHO): string {
  const chars = [...text.slice(0, max * 2)];
  const kept = chars.slice(0, max).join("");
  const safe = kept.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return chars.length > max || text.length > max * 2 ? `${safe}…` : safe;
}
