import { echo, type JsonValue, ok } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import type { JudgeContext, Obligation, ObligationPlace } from "./obligation.ts";
import { type Parsed, parseTokenLists, unionBy } from "./values.ts";

type Prefixes = readonly (readonly string[])[];

/** The older way to limit commands: by the first words of their argument vector. */
export const execAllowlist: Obligation<"exec_allowlist"> = {
  name: "exec_allowlist",
  summary:
    "Names the argument vector prefixes a command may start with (legacy: prefer exec_match).",
  typeText: "list of argv prefixes, each a list of strings",
  mergeText: "a command must pass every rule's list",
  acts: "before",
  schema: {
    type: "array",
    items: { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
  },
  parse,
  merge: (a, b) => unionBy(a, b, listKey),
  toJson: prefixesOf,
  judge,
};

/** The prefixes that all lists admit, as one list: of two prefixes that overlap the longer one remains. */
function prefixesOf(lists: readonly Prefixes[]): Prefixes {
  const [first = [], ...others] = lists;
  return others.reduce<Prefixes>((all, next) => {
    const both = all.flatMap((a) => next.flatMap((b) => longerOf(a, b)));
    return unionBy(both, [], (prefix) => JSON.stringify(prefix));
  }, first);
}

function longerOf(a: readonly string[], b: readonly string[]): Prefixes {
  if (startsWith(a, b)) return [a];
  return startsWith(b, a) ? [b] : [];
}

function startsWith(argv: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= argv.length && prefix.every((token, i) => argv[i] === token);
}

function listKey(prefixes: Prefixes): string {
  return JSON.stringify(prefixes);
}

function parse(value: JsonValue, at: ObligationPlace): Parsed<readonly Prefixes[]> {
  const prefixes = parseTokenLists(value, at, "argv prefixes");
  return prefixes.ok ? ok(Object.freeze([prefixes.value])) : prefixes;
}

function judge({ facts, terms, offer }: JudgeContext): Refusal | undefined {
  const lists = terms.exec_allowlist;
  if (facts.type !== "process.exec" || lists === undefined) return undefined;
  if (offer?.execCompatibility === "strict") {
    const message = "Cannot run process.exec: its rule uses exec_allowlist, which " +
      "policy.exec_compatibility_mode: strict does not accept, expected exec_match";
    return refuse("exec_legacy_mode_disabled", message);
  }
  const argv = facts.facets.argv ?? [];
  if (lists.every((list) => list.some((prefix) => startsWith(argv, prefix)))) return undefined;
  const command = echo(argv[0] ?? "", 60);
  const message =
    `Cannot run "${command}" with these arguments: no prefix in exec_allowlist fits, expected one of ` +
    `${prefixesOf(lists).length} listed in the rule`;
  return refuse("exec_not_allowlisted", message);
}
