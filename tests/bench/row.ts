/** One measurement: what we take, what something to compare with takes, in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  /** Absent where there is nothing to compare with: a bound of its own. */
  readonly theirs?: number;
  readonly unit: string;
  /** `theirs / ours`: above 1 we are quicker. Absent without `theirs`. */
  readonly ratio?: number;
  /** What is demanded, and what is wanted, in words: `at least 0.25 (wanted 0.40)`. */
  readonly goal?: string;
}
