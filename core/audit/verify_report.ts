/** How a chain can be broken. */
export type BreakKind =
  | "event_changed"
  | "columns_changed"
  | "link"
  | "gap"
  | "missing_head"
  | "deleted_rows"
  | "unreadable_line"
  | "checkpoint_mismatch"
  | "signature_invalid"
  | "signature_missing"
  | "cut_tail";

/** One place where a chain does not hold. */
export interface Break {
  readonly kind: BreakKind;
  /** Line of the file or `id` of the row; 0 when the place is the end of the chain. */
  readonly at: number;
  readonly chain_id?: string;
  readonly seq?: number;
  /** For people. */
  readonly message: string;
}

/** Events that are not there. */
export interface Gap {
  readonly chain_id: string;
  readonly from_seq: number;
  readonly to_seq: number;
  /** Line or row behind the gap. */
  readonly at: number;
}

/** The checkpoints of one chain. */
export interface CheckpointReport {
  readonly total: number;
  readonly signed: number;
  /** Signatures that the given key confirms; without a key none is checked. */
  readonly verified: number;
  readonly invalid: number;
  /** Newest event that a checkpoint covers; with a key, only confirmed ones count. */
  readonly covered_seq: number;
}

/** What was found of one chain. */
export interface ChainReport {
  readonly chain_id: string;
  readonly events: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly intact: boolean;
  /** Records that stand there twice: written again after a failure. */
  readonly duplicates: number;
  readonly checkpoints: CheckpointReport;
  /** Events behind the newest checkpoint: that they are all there, nobody vouches for. */
  readonly uncovered: number;
}

/** Events of the original, which have no place in a chain that can be checked as a whole. */
export interface LegacyReport {
  readonly events: number;
  /** How often the chain began anew. */
  readonly segments: number;
  /** Events whose hash fails, or that do not link to the one before. */
  readonly legacy_unverifiable: number;
  /** Line or row of the first of them. */
  readonly first_unverifiable_at?: number;
}

/** What walking a log found out, as `--format json` prints it. */
export interface VerifyReport {
  readonly status: "intact" | "broken" | "unreadable";
  readonly events: number;
  readonly chains: readonly ChainReport[];
  readonly legacy?: LegacyReport;
  /** The first ones; `gap_count` counts all. */
  readonly gaps: readonly Gap[];
  readonly gap_count: number;
  readonly first_broken?: Break;
  readonly broken_count: number;
  /** A last line that a dying process did not finish. */
  readonly torn_tail?: { readonly at: number; readonly bytes: number };
  /** What does not break a chain but is worth knowing; with `--strict` it counts as broken. */
  readonly warnings: readonly string[];
}
