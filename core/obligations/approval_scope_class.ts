import type { Obligation } from "./obligation.ts";
import { parseWord } from "./values.ts";

/** How far one approval reaches. */
export const approvalScopeClass: Obligation<"approval_scope_class"> = {
  name: "approval_scope_class",
  summary:
    "Lets one approval hold for every action of the same type on the same resource until it expires.",
  typeText: "`action_type_resource`",
  mergeText: "only if every rule names it, else an approval holds for the one action",
  acts: "before",
  schema: { enum: ["action_type_resource"] },
  parse: (value, at) => parseWord(value, at, ["action_type_resource"]),
  merge: (a) => a,
  unanimous: true,
  toJson: (scope) => scope,
};
