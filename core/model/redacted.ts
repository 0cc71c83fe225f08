import { cutText, type TextCaps } from "../encoding/cut_text.ts";

/** How a text that is to be scrubbed ends. */
export interface ScrubOptions {
  /**
   * The text was cut at its end: what touches the end and could be the beginning of a secret must go
   * as well. Default false.
   */
  readonly openEnd?: boolean;
  /**
   * What stood in front of the text. It is never shown, but a secret that began in it (a key block whose BEGIN is
   * above the first line that was asked for) is known by it. Default none.
   */
  readonly before?: string;
}

/** What removes secrets from text. */
export interface Scrubber {
  /** The text without secrets. Scrubbing what is scrubbed changes nothing. */
  scrub(text: string, options?: ScrubOptions): string;
}

/**
 * Text that may be shown: to a caller, in an audit event, in a log. Only a scrubber makes it, so that
 * holding one proves that the secrets are gone.
 *
 * @example
 * ```ts
 * const scrubber = { scrub: (text: string) => text.replaceAll("hunter2", "[REDACTED]") };
 * Redacted.by(scrubber, "password hunter2").text; // "password [REDACTED]"
 * ```
 */
export class Redacted {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Scrubs `raw`. */
  static by(scrubber: Scrubber, raw: string, options: ScrubOptions = {}): Redacted {
    return new Redacted(scrubber.scrub(raw, options));
  }

  /** The text without its secrets. */
  get text(): string {
    return this.#text;
  }

  /**
   * The beginning of the text, within the caps. What is redacted may be cut; what was cut first could
   * have lost the part by which a secret is known.
   */
  cut(caps: TextCaps): { readonly redacted: Redacted; readonly truncated: boolean } {
    const { text, truncated } = cutText(this.#text, caps);
    return { redacted: truncated ? new Redacted(text) : this, truncated };
  }
}
