/** Whether Nomos can take work now. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** Ids of the checks that fail, sorted. */
  readonly failing: readonly { readonly id: string; readonly message: string }[];
}
