import type { Obligation } from "./obligation.ts";
import { parseInteger } from "./values.ts";

/** How many lines of output come back. */
export const outputMaxLines: Obligation<"output_max_lines"> = {
  name: "output_max_lines",
  summary: "Returns at most this many lines of output.",
  typeText: "integer of at least 0 (0: no output)",
  mergeText: "the lowest",
  acts: "after",
  schema: { type: "integer", minimum: 0 },
  parse: (value, at) => parseInteger(value, at, 0),
  merge: Math.min,
  toJson: (limit) => limit,
};
