import { utf8Length } from "./utf8.ts";

/** How much of a text may be shown. */
export interface TextCaps {
  /** In bytes of UTF-8. */
  readonly maxBytes?: number;
  /** A line ends at `\n`; the end of the text ends the last one. */
  readonly maxLines?: number;
}

/** A text within its caps. */
export interface CutText {
  readonly text: string;
  /** Whether anything was cut off. */
  readonly truncated: boolean;
}

/**
 * Cuts a text to its caps, never inside a character.
 *
 * @example
 * ```ts
 * cutText("äöü", { maxBytes: 5 }); // { text: "äö", truncated: true }
 * ```
 */
export function cutText(text: string, caps: TextCaps): CutText {
  const afterLines = endOfLines(text, caps.maxLines);
  const end = endOfBytes(text, afterLines, caps.maxBytes);
  return { text: text.slice(0, end), truncated: end < text.length };
}

function endOfLines(text: string, maxLines: number | undefined): number {
  if (maxLines === undefined) return text.length;
  let end = 0;
  for (let line = 0; line < maxLines; line++) {
    const newline = text.indexOf("\n", end);
    if (newline === -1) return text.length;
    end = newline + 1;
  }
  return end;
}

function endOfBytes(text: string, end: number, maxBytes: number | undefined): number {
  // A UTF-16 code unit takes at most three bytes.
  if (maxBytes === undefined || end * 3 <= maxBytes) return end;
  let bytes = 0;
  for (let at = 0; at < end;) {
    const next = at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    bytes += utf8Length(text, at, next);
    if (bytes > maxBytes) return at;
    at = next;
  }
  return end;
}
