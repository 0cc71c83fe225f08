import type { Obligation } from "./obligation.ts";
import { parseStringSet, unionOf } from "./values.ts";

/** Which credentials an action is expected to use. */
export const credentialLeaseIds: Obligation<"credential_lease_ids"> = {
  name: "credential_lease_ids",
  summary: "Names the credentials the action is expected to use, for the audit.",
  typeText: "list of strings",
  mergeText: "union",
  acts: "record",
  schema: { type: "array", items: { type: "string", minLength: 1 } },
  parse: parseStringSet,
  merge: unionOf,
  toJson: (items) => items,
};
