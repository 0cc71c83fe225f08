import type { Problems } from "./problems.ts";
import type { CompileRe2 } from "./re2.ts";

/** What reading a rule needs besides its text. */
export interface RuleContext {
  readonly pointer: string;
  readonly problems: Problems;
  /** Present whenever the bundle has a pattern at all. */
  readonly re2: CompileRe2 | undefined;
}
