import type { Obligation } from "./obligation.ts";
import { parseInteger } from "./values.ts";

/** How long an action may take. */
export const timeoutMs: Obligation<"timeout_ms"> = {
  name: "timeout_ms",
  summary: "Ends the action after this many milliseconds; it can only lower the configured limit.",
  typeText: "integer of at least 1",
  mergeText: "the lowest",
  acts: "during",
  schema: { type: "integer", minimum: 1 },
  parse: (value, at) => parseInteger(value, at, 1),
  merge: Math.min,
  toJson: (limit) => limit,
};
