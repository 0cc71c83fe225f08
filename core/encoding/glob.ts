import { normalizePatternText } from "./glob_text.ts";
import { foldCase } from "./letter_case.ts";
import { fail, ok, type Result } from "./result.ts";

/** One part of a pattern between two `/`. */
export type GlobSegment =
  /** Exactly this text. */
  | { readonly kind: "literal"; readonly text: string }
  /** Text with `*` or `?` in it, for one segment. */
  | { readonly kind: "wild"; readonly text: string }
  /** `*`: any one segment, the empty one too. */
  | { readonly kind: "any" }
  /** `**`: any number of segments, none too. */
  | { readonly kind: "globstar" };

/**
 * A pattern over normalized resources.
 *
 * The whole resource is split at `/`, so `url://example.com/a` has the segments `url:`, nothing,
 * `example.com` and `a`, and a pattern likewise. `**` is zero or more whole segments, `*` any run of
 * characters inside one, `?` one character (one code point), everything else itself.
 *
 * INVARIANT: matching takes at most (segments of the pattern) × (segments of the resource) steps, and
 * inside one segment pattern length × text length: no pattern and no path makes it explode.
 */
export class Glob {
  /** The pattern as it was written. */
  readonly pattern: string;
  /** What is matched, from the scheme on; two `globstar`s never follow each other. */
  readonly segments: readonly GlobSegment[];
  /**
   * With `ignoreCase`: the same pattern for resources that went through {@link foldCase}. It is a second
   * pattern and not a replacement, because folding may lengthen a text and `?` counts characters.
   */
  readonly folded: Glob | undefined;
  readonly #literal: string | undefined;
  readonly #prefix: string;

  constructor(pattern: string, text: string, ignoreCase: boolean) {
    this.pattern = pattern;
    this.segments = Object.freeze(toSegments(text));
    this.folded = ignoreCase ? new Glob(pattern, foldCase(text), false) : undefined;
    const wild = text.search(/[*?]/);
    this.#literal = wild === -1 ? text : undefined;
    this.#prefix = sureStart(text, wild);
  }

  /** Tells whether the pattern covers a normalized resource. */
  matches(resource: string): boolean {
    return this.#covers(resource) || (this.folded?.matches(foldCase(resource)) ?? false);
  }

  #covers(text: string): boolean {
    if (this.#literal !== undefined) return text === this.#literal;
    return text.startsWith(this.#prefix) && matchSegments(this.segments, text.split("/"));
  }
}

/** How {@link compileGlob} reads a pattern. */
export interface GlobOptions {
  /** Matches without regard to case, as a case-insensitive file system would; off by default. */
  readonly ignoreCase?: boolean;
}

/**
 * Compiles a resource pattern. For matching it is first brought into the spelling of normalized resources
 * (see `normalizePatternText`).
 *
 * @returns the pattern, or what is wrong with it (a phrase for a message)
 *
 * @example
 * ```ts
 * const glob = compileGlob("file://workspace/src/**");
 * if (glob.ok) glob.value.matches("file://workspace/src/a/b.ts"); // true
 * ```
 */
export function compileGlob(pattern: string, options: GlobOptions = {}): Result<Glob, string> {
  if (pattern === "") return fail("the pattern is empty");
  if (pattern.includes("\\")) {
    return fail('the pattern has a backslash, expected "/" between segments (nothing is escaped)');
  }
  return ok(new Glob(pattern, normalizePatternText(pattern), options.ignoreCase ?? false));
}

/** Tells whether one segment's text fits a `wild` segment pattern. */
export function matchesWild(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let retry = 0;
  while (t < text.length) {
    const unit = pattern.charCodeAt(p);
    if (unit === STAR) {
      star = p++;
      retry = t;
    } else if (unit === QUESTION) {
      p++;
      t += characterLength(text, t);
    } else if (unit === text.charCodeAt(t)) {
      p++;
      t++;
    } else if (star === -1) {
      return false;
    } else {
      // Only the last star needs another try: an earlier one taking more could not help. It may stop inside a pair:
      // what then matches the second half also matches the whole, with the star one step shorter.
      p = star + 1;
      t = ++retry;
    }
  }
  while (pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

/** Tells whether segments of a resource fit segments of a pattern. */
export function matchSegments(
  pattern: readonly GlobSegment[],
  segments: readonly string[],
): boolean {
  let p = 0;
  let s = 0;
  let globstar = -1;
  let retry = 0;
  while (s < segments.length) {
    const part = pattern[p];
    if (part?.kind === "globstar") {
      globstar = p++;
      retry = s;
    } else if (part !== undefined && fits(part, segments[s] ?? "")) {
      p++;
      s++;
    } else if (globstar === -1) {
      return false;
    } else {
      p = globstar + 1;
      s = ++retry;
    }
  }
  while (pattern[p]?.kind === "globstar") p++;
  return p === pattern.length;
}

const STAR = 0x2a;
const QUESTION = 0x3f;

function fits(part: GlobSegment, text: string): boolean {
  switch (part.kind) {
    case "literal":
      return part.text === text;
    case "wild":
      return matchesWild(part.text, text);
    case "any":
    case "globstar":
      return true;
  }
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function toSegments(text: string): GlobSegment[] {
  const segments: GlobSegment[] = [];
  for (const part of text.split("/")) {
    const segment = toSegment(part);
    if (segment.kind === "globstar" && segments.at(-1)?.kind === "globstar") continue;
    segments.push(Object.freeze(segment));
  }
  return segments;
}

function toSegment(text: string): GlobSegment {
  if (text === "**") return { kind: "globstar" };
  if (text === "*") return { kind: "any" };
  return { kind: /[*?]/.test(text) ? "wild" : "literal", text };
}

/** The text every match starts with; a `**` may also stand for nothing together with the `/` before it. */
function sureStart(text: string, wild: number): string {
  if (wild === -1) return text;
  const start = text.slice(0, wild);
  return start.endsWith("/") && text.startsWith("**", wild) ? start.slice(0, -1) : start;
}
