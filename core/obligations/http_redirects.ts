import { ok } from "../encoding/mod.ts";
import type { Obligation } from "./obligation.ts";
import { unfit } from "./values.ts";

/** Whether redirects are followed. */
export const httpRedirects: Obligation<"http_redirects"> = {
  name: "http_redirects",
  summary:
    "Follows redirects, each of them decided by policy like a request of its own; without it none.",
  typeText: "boolean",
  mergeText: "`false` wins",
  acts: "during",
  schema: { type: "boolean" },
  parse: (value, at) => typeof value === "boolean" ? ok(value) : unfit(value, at, "true or false"),
  merge: (a, b) => a && b,
  toJson: (follow) => follow,
};
