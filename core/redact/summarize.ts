import { cutText } from "../encoding/cut_text.ts";
import type { Scrubber } from "../model/redacted.ts";

/** Most bytes of a summary in an audit event. */
export const MAX_SUMMARY = 256;

/** How much more than its length a summary is made from: redacting may shorten the text. */
const REACH = 4096;

/**
 * The beginning of a text, redacted first and then cut, for audit events. Its cost does not depend on
 * how long the text is.
 *
 * @param maxBytes most bytes of UTF-8
 */
export function summarize(
  scrubber: Scrubber,
  text: string,
  maxBytes: number = MAX_SUMMARY,
): string {
  let end = Math.min(text.length, maxBytes + REACH);
  // Not between the two halves of a character.
  if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
  const scrubbed = scrubber.scrub(text.slice(0, end), { openEnd: end < text.length });
  return cutText(scrubbed, { maxBytes }).text;
}
