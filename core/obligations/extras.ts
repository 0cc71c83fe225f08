import { canonicalJson, fromPointer, type JsonValue, ok } from "../encoding/mod.ts";
import type { Obligation } from "./obligation.ts";
import { unionBy } from "./values.ts";

/** Operators' own members begin with this. */
export const EXTRA_PREFIX = "x_";

type Extras = Readonly<Record<string, readonly JsonValue[]>>;

/** Operators' own members (`x_…`): copied to the audit, without any effect. */
export const extras: Obligation<"extras"> = {
  name: "extras",
  summary:
    "Operators' own members, whose names begin with `x_`: copied to the audit and nothing else.",
  typeText: "anything",
  mergeText: "every different value",
  acts: "record",
  parse: (value, at) => {
    const name = fromPointer(at.pointer)?.at(-1) ?? "";
    return ok(Object.freeze({ [name]: Object.freeze([value]) }));
  },
  merge,
  toJson: (members) => {
    return Object.fromEntries(
      Object.entries(members).map((
        [name, values],
      ) => [name, values.length === 1 ? values[0] ?? null : values]),
    );
  },
};

function merge(a: Extras, b: Extras): Extras {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const members = names.map((name) => {
    return [name, unionBy(a[name] ?? [], b[name] ?? [], canonicalJson)] as const;
  });
  return Object.freeze(Object.fromEntries(members));
}
