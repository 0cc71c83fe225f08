/** One measurement: what we take, what something to compare with takes. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  readonly unit: string;
  /** `theirs / ours`: above 1 we are quicker. */
  readonly ratio: number;
}
