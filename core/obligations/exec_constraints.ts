import { echo } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import { matchesArgv } from "./argv_pattern.ts";
import type { JudgeContext, Obligation } from "./obligation.ts";
import { unfit, unionBy } from "./values.ts";

/** What the rules' argv patterns allow, handed on to the executor. Derived, never written. */
export const execConstraints: Obligation<"exec_constraints"> = {
  name: "exec_constraints",
  summary:
    "Repeats the argv patterns of the deciding rules, so that the command is checked once more.",
  typeText: "derived from exec_match",
  mergeText: "the union of the deciding rules' argv patterns",
  acts: "before",
  parse: (value, at) => unfit(value, at, "nothing: it is derived from exec_match"),
  merge: (a, b) => unionBy(a, b, (pattern) => pattern.join("\0")),
  toJson: (patterns) => ({ argv_patterns: patterns }),
  judge,
};

function judge({ facts, terms }: JudgeContext): Refusal | undefined {
  const patterns = terms.exec_constraints;
  if (facts.type !== "process.exec" || patterns === undefined) return undefined;
  const argv = facts.facets.argv ?? [];
  if (patterns.some((pattern) => matchesArgv(pattern, argv))) return undefined;
  const message =
    `Cannot run "${
      echo(argv[0] ?? "", 60)
    }" with these arguments: no argv pattern of the deciding ` +
    "rules fits";
  return refuse("exec_constraint_violation", message);
}
