import { refuse } from "../../model/mod.ts";
import { refused } from "../answer.ts";

/** Paths of the contract that this gateway does not serve, and what each would be. */
export const OFF_PATHS: readonly { readonly path: string; readonly what: string }[] = [
  { path: "/webhooks/slack/approvals", what: "the Slack approval webhook" },
  { path: "/webhooks/teams/approvals", what: "the Teams approval webhook" },
  { path: "/admin/reload", what: "reloading over HTTP" },
  { path: "/metrics", what: "the Prometheus endpoint" },
  { path: "/ui", what: "the operator UI" },
  { path: "/ui/*", what: "the operator UI" },
  { path: "/api/ui/*", what: "the operator UI" },
];

/** Answers for a path of the contract whose feature is off: never open, and never mistaken for a typing error. */
export function turnedOff(what: string): Response {
  return refused(
    refuse("not_enabled", `Cannot do this: ${what} is not enabled in this gateway`),
  );
}
