import type { Obligation } from "./obligation.ts";
import { parseStringSet, unionOf } from "./values.ts";

/** Words for the audit. */
export const tags: Obligation<"tags"> = {
  name: "tags",
  summary: "Copies these words into the audit events of the action.",
  typeText: "list of strings",
  mergeText: "union",
  acts: "record",
  schema: { type: "array", items: { type: "string", minLength: 1 } },
  parse: parseStringSet,
  merge: unionOf,
  toJson: (items) => items,
};
