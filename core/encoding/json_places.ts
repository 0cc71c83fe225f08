import { commentEnd } from "./json_syntax.ts";
import { fromPointer } from "./json_pointer.ts";

// Reading keeps no record of places, because a good document needs none. When a place is asked for
// (a problem was found), the text is walked a second time, as far as the place.

type Path = readonly (string | number)[];

interface Frame {
  /** The index of the current item, or the name of the current member once its colon has been read. */
  token: string | number | undefined;
  readonly isArray: boolean;
  /** Offset of the current member's name. */
  nameAt: number | undefined;
}

/**
 * Finds where a pointer's target begins: a member at its name, an item or the document at its value.
 *
 * @param text a JSON text, with or without comments
 * @returns an offset in UTF-16 code units; `undefined` when nothing is there
 */
export function offsetOfPointer(text: string, pointer: string): number | undefined {
  const target = fromPointer(pointer);
  if (target === undefined) return undefined;
  let found: number | undefined;
  walk(text, (path, start) => {
    if (path.length !== target.length) return false;
    if (!target.every((token, i) => token === String(path[i]))) return false;
    found = start;
    return true;
  });
  return found;
}

/**
 * Finds the paths of the innermost members or items open at the given offsets.
 *
 * @param text a JSON text that need make sense only up to the last offset
 * @param offsets in UTF-16 code units, ascending
 */
export function pathsAt(text: string, offsets: readonly number[]): Path[] {
  const paths: Path[] = [];
  walk(text, () => false, (path, start) => {
    for (let next = offsets[paths.length]; next !== undefined && next <= start;) {
      paths.push(path());
      next = offsets[paths.length];
    }
    return paths.length === offsets.length;
  });
  return offsets.map((_, i) => paths[i] ?? []);
}

type OnValue = (path: Path, start: number) => boolean;
type OnToken = (path: () => Path, start: number) => boolean;

/** Walks the tokens; a callback ends the walk by returning true. */
function walk(text: string, onValue: OnValue, onToken: OnToken = () => false): void {
  const frames: Frame[] = [];
  const path = () => frames.flatMap(({ token }) => token === undefined ? [] : [token]);
  for (const [start, end] of tokens(text)) {
    if (onToken(path, start)) return;
    const top = frames.at(-1);
    const char = text.charAt(start);
    if (char === ",") {
      if (top?.isArray) top.token = Number(top.token) + 1;
      else if (top) top.token = top.nameAt = undefined;
    } else if (char === "}" || char === "]") {
      frames.pop();
    } else if (char === ":") {
      continue;
    } else if (char === '"' && top && !top.isArray && top.token === undefined) {
      top.token = nameOf(text.slice(start, end));
      top.nameAt = start;
    } else {
      if (onValue(path(), top?.nameAt ?? start)) return;
      if (char === "{") frames.push({ token: undefined, isArray: false, nameAt: undefined });
      if (char === "[") frames.push({ token: 0, isArray: true, nameAt: undefined });
    }
  }
}

/** The name a quoted text means; none when it is malformed, which only the text at a flaw can be. */
function nameOf(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

/** Yields start and end of every token, and an empty one at the end of the text. */
function* tokens(text: string): Generator<readonly [number, number]> {
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const afterComment = char === "/" ? commentEnd(text, at) : undefined;
    if (afterComment !== undefined) {
      at = afterComment;
    } else if (" \t\n\r".includes(char)) {
      at++;
    } else {
      const end = "{}[]:,".includes(char)
        ? at + 1
        : char === '"'
        ? stringEnd(text, at)
        : wordEnd(text, at);
      yield [at, end];
      at = end;
    }
  }
  yield [text.length, text.length];
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char === "\\") at++;
  }
  return text.length;
}

function wordEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !' \t\n\r{}[]:,"/'.includes(text.charAt(at))) at++;
  return at;
}
