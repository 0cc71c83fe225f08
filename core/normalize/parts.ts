import type { Result } from "../encoding/mod.ts";

/** A resource taken apart at its punctuation; nothing is decoded yet. */
export interface RawResource {
  /** In lower case. */
  readonly scheme: string;
  /** Between `://` and the first `/`, `?` or `#`. */
  readonly authority: string;
  /** From there on. */
  readonly rest: string;
}

/** Host and path in their one spelling. */
export interface HostAndPath {
  readonly host: string;
  readonly path: string;
}

/** Phrases for messages, each one rule that the resource breaks. */
export type Flaws = readonly string[];

/** Brings the host and path of one family of schemes into their one spelling. */
export type NormalizeParts = (
  raw: RawResource,
  actionType: string,
) => Result<HostAndPath, Flaws>;
