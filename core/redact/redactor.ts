import { Redacted, type Scrubber, type ScrubOptions } from "../model/redacted.ts";
import { nextAnchor } from "./anchors.ts";
import { OperatorFinder } from "./operator_finder.ts";
import { OperatorPattern } from "./operator_pattern.ts";
import type { Finder } from "./finder.ts";
import { Scanner } from "./scanner.ts";
import { Automaton } from "./secrets/automaton.ts";
import { SecretFinder } from "./secrets/finder.ts";
import { secretForms } from "./secrets/forms.ts";
import { BATCH, endOf, RedactionStream } from "./stream.ts";

/** What a redactor removes besides the built-in patterns. */
export interface Additions {
  /** Values that must not be seen, in no encoding: see {@link secretForms}. */
  readonly secrets?: readonly string[];
  /** Compiled, or in RE2 syntax: see {@link OperatorPattern.of}. */
  readonly patterns?: readonly (OperatorPattern | string)[];
}

/**
 * Removes secrets from text. Immutable: {@link Redactor.with} makes another one.
 *
 * All kinds of secrets are looked for in the original text, what they cover is united, and each
 * stretch becomes one `[REDACTED]`. Redacting twice changes nothing more (operators' patterns apart,
 * which may match anything). The time grows with the text alone, whatever stands in it.
 *
 * @example
 * ```ts
 * new Redactor().scrub("GET / Authorization: Token abc"); // "GET / [REDACTED]"
 * ```
 */
export class Redactor implements Scrubber {
  readonly #secrets: readonly string[];
  readonly #patterns: readonly OperatorPattern[];
  readonly #exact: Automaton | undefined;
  readonly #wrapped: Automaton | undefined;

  /**
   * A redactor with the built-in patterns and what is added to them.
   *
   * @param additions what to remove besides
   */
  constructor({ secrets = [], patterns = [] }: Additions = {}) {
    this.#secrets = secrets;
    this.#patterns = patterns.map((pattern) =>
      typeof pattern === "string" ? OperatorPattern.of(pattern) : pattern
    );
    const { exact, wrapped } = secretForms(secrets);
    if (exact.length > 0) this.#exact = new Automaton(exact);
    if (wrapped.length > 0) this.#wrapped = new Automaton(wrapped);
  }

  /** A redactor that removes what this one does, and more. */
  with({ secrets = [], patterns = [] }: Additions): Redactor {
    if (secrets.length === 0 && patterns.length === 0) return this;
    return new Redactor({
      secrets: [...this.#secrets, ...secrets],
      patterns: [...this.#patterns, ...patterns],
    });
  }

  /**
   * The text without its secrets.
   *
   * @param options `openEnd`: the text was cut at its end, so that a token which touches the end and
   *   could be the beginning of a secret goes as well
   */
  scrub(text: string, options: ScrubOptions = {}): string {
    const finders = this.#finders();
    const { before = "" } = options;
    if (before !== "") {
      return new Scanner(finders).writeBehind(before, text, endOf(options));
    }
    const from = finders.length > 0 ? 0 : nextAnchor(text, 0, text.length);
    if (from === text.length) return text;
    return new Scanner(finders, from).write(text, endOf(options));
  }

  /** What {@link scrub} leaves, as a value that proves it. */
  redacted(text: string, options: ScrubOptions = {}): Redacted {
    return Redacted.by(this, text, options);
  }

  /**
   * A redactor for one text that comes in pieces; the same text comes out as from {@link scrub}.
   *
   * @param secrets further values that must not be seen
   * @param batch pieces are collected up to this many UTF-16 code units before they are looked at
   */
  stream(secrets: readonly string[] = [], batch: number = BATCH): RedactionStream {
    return new RedactionStream(new Scanner(this.with({ secrets }).#finders()), batch);
  }

  #finders(): Finder[] {
    const finders: Finder[] = this.#patterns.map((pattern) => new OperatorFinder(pattern));
    if (this.#exact) finders.push(new SecretFinder(this.#exact, { acrossBreaks: false }));
    if (this.#wrapped) finders.push(new SecretFinder(this.#wrapped, { acrossBreaks: true }));
    return finders;
  }
}
