/**
 * The time.
 *
 * Duties: `now` is Unix time in milliseconds and may jump either way; `monotonic` counts milliseconds from any
 * origin and never goes back. Durations are measured with `monotonic` only.
 */
export interface Clock {
  /** Unix time in milliseconds; may jump. */
  now(): number;
  /** Milliseconds from any origin; never goes back. */
  monotonic(): number;
  /**
   * Resolves when everything that is ready, input that has come included, has had its turn. Absent: callers find
   * another way to wait, which may see less of the input.
   */
  turn?(): Promise<void>;
}
