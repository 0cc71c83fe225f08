import type { Obligation } from "./obligation.ts";
import { parseInteger } from "./values.ts";

/** How many redirects a request may follow. */
export const httpRedirectHopLimit: Obligation<"http_redirect_hop_limit"> = {
  name: "http_redirect_hop_limit",
  summary: "Follows at most this many redirects, where redirects are allowed at all.",
  typeText: "integer of at least 0 (default 3)",
  mergeText: "the lowest",
  acts: "during",
  schema: { type: "integer", minimum: 0 },
  parse: (value, at) => parseInteger(value, at, 0),
  merge: Math.min,
  toJson: (limit) => limit,
};
