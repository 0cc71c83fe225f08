import type { Obligation } from "./obligation.ts";
import { parseInteger } from "./values.ts";

/** How many bytes of output come back. */
export const outputMaxBytes: Obligation<"output_max_bytes"> = {
  name: "output_max_bytes",
  summary: "Returns at most this many bytes of output.",
  typeText: "integer of at least 0 (0: no output)",
  mergeText: "the lowest",
  acts: "after",
  schema: { type: "integer", minimum: 0 },
  parse: (value, at) => parseInteger(value, at, 0),
  merge: Math.min,
  toJson: (limit) => limit,
};
