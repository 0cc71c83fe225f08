import type { Obligation } from "./obligation.ts";
import { parseStringSet, unionOf } from "./values.ts";

/** What else to redact from the output. */
export const redact: Obligation<"redact"> = {
  name: "redact",
  summary: "Redacts these patterns from the action's output, besides the configured ones.",
  typeText: "list of RE2 patterns",
  mergeText: "union",
  acts: "after",
  schema: { type: "array", items: { type: "string", minLength: 1 } },
  parse: parseStringSet,
  merge: unionOf,
  toJson: (items) => items,
};
