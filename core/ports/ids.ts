/**
 * Unpredictable identifiers.
 *
 * Duties: `hex(n)` is `n` bytes from a cryptographic generator as `2n` lower-case hex digits.
 */
export interface Ids {
  /** That many random bytes as lower-case hex. */
  hex(bytes: number): string;
}
