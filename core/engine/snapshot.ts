import type { EnvelopeLimits } from "./submitted.ts";
import type { ExecutorSettings } from "../actions/mod.ts";
import type { AssuranceLevel } from "../model/mod.ts";
import type { CompiledPolicy } from "../policy/mod.ts";
import type { Redactor } from "../redact/mod.ts";

/** What a decision and its explanation depend on besides the action: the same online and offline. */
export interface DecisionBasis {
  readonly policy: CompiledPolicy;
  readonly settings: ExecutorSettings;
  /** Whether `file` rules also match without regard to case (never for ALLOW). */
  readonly caseInsensitive: boolean;
  /** Normalized `file://workspace/…` names of files that Nomos itself uses. */
  readonly protectedResources: ReadonlySet<string>;
  readonly assurance: AssuranceLevel;
  readonly engineVersion: string;
  /** Whether explanations suggest a minimal allowing change. */
  readonly suggestions: boolean;
}

/**
 * Everything a request is judged by, parsed and validated, immutable. A reload makes a new one and swaps one
 * reference; a request keeps the one it began with.
 */
export interface Snapshot extends DecisionBasis {
  readonly redactor: Redactor;
  readonly limits: EnvelopeLimits;
}
