import { ok } from "../encoding/mod.ts";
import type { RuleReason } from "../model/mod.ts";
import type { Obligation } from "./obligation.ts";
import { unfit, unionBy } from "./values.ts";

/** Why a rule is there, for whoever is asked to approve. */
export const reason: Obligation<"reason"> = {
  name: "reason",
  summary: "Tells the approver, and whoever asks for an explanation, why the rule is there.",
  typeText: "string",
  mergeText: "all, in the order of the rules' ids",
  acts: "record",
  schema: { type: "string", minLength: 1 },
  parse: (value, at) =>
    typeof value === "string" && value !== ""
      ? ok(Object.freeze([Object.freeze({ rule: at.rule, text: value })]))
      : unfit(value, at, "a string that is not empty"),
  merge: (a, b) => unionBy(a, b, (item) => `${item.rule}\0${item.text}`),
  toJson: reasonText,
};

/** The reasons as one text, in the order of the rules' ids; the same words stand only once. */
export function reasonText(reasons: readonly RuleReason[]): string {
  return [...new Set(reasons.map((item) => item.text))].join("; ");
}
