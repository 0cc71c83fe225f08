import * as z from "zod";
import { choice, count, flag, keyNotes, list, seconds, secret, section, text } from "../keys.ts";

const webhook = z.strictObject({
  url: z.string().min(1).register(keyNotes, { secret: "value", lookup: true }).describe(
    "URL that is told of new approvals.",
  ),
  token: secret("Sent as X-Nomos-Webhook-Token."),
}).register(keyNotes, { shorthand: "url" });

/** `approvals`: humans in the loop. */
export const approvals = section("Approvals.", {
  enabled: flag("Let people approve what policy wants approved."),
  backend: z.enum(["sqlite", "file"]).optional().describe(
    "Kind of store behind store_path; sqlite when absent.",
  ),
  store_path: text("SQLite database of approvals.", {
    path: "path",
    derived: "nomos-approvals.db beside the config file, unless store is set",
  }),
  store: text("sqlite:<path> or postgres://…, instead of store_path.", {
    path: "store",
    secret: "url",
    lookup: true,
  }),
  ttl_seconds: seconds("How long an approval may be waited for and used.", 900),
  approver_principals: list("Principals that may decide over HTTP and in the UI."),
  allow_self_approval: flag("Let the principal that asked decide."),
  webhook_token: secret("Token of the generic webhook; absent, it is off."),
  slack_token: secret("Token of the Slack webhook; absent, it is off."),
  slack_signing_secret: secret("Slack's own signing secret."),
  teams_token: secret("Token of the Teams webhook; absent, it is off."),
  notify: z.array(webhook).default([]).describe(
    "Webhooks told of new approvals. A plain URL stands for {url}.",
  ),
});

const rule = z.strictObject({
  id: z.string().min(1).describe("Name of the rule, unique over all three lists."),
  principal: text("Principal it is for; absent or * is any."),
  action_type: text("Action type it is for; absent or * is any."),
  resource: text("Glob on the normalized resource; absent is any."),
  burst: z.int().min(1).max(1_000_000_000).describe("Tokens of a full bucket."),
  refill_per_minute: z.int().min(1).max(1_000_000_000).describe("Tokens that come back a minute."),
});

/** `rate_limits`: quotas of actions. */
export const rateLimits = section("Quotas of actions, counted after normalization.", {
  enabled: z.boolean().register(keyNotes, { derived: "on when there is a rule" }).describe(
    "Hold the quotas.",
  ),
  evict_after_seconds: seconds("Idle buckets are forgotten after this time.", 3600),
  principal_action: z.array(rule).default([]).describe(
    "One bucket for each principal and action type.",
  ),
  principal_resource: z.array(rule).default([]).describe(
    "One bucket for each principal and resource.",
  ),
  global_tool: z.array(rule).default([]).describe("One bucket for each action type."),
  max_buckets: count("Most buckets kept.", 100_000),
  store: z.string().min(1).register(keyNotes, { secret: "url", lookup: true }).default("memory")
    .describe(
      "memory, or redis://… to share buckets between replicas.",
    ),
  on_store_error: choice(
    "Without the store: deny, or count on this machine.",
    ["deny", "local"],
    "deny",
  ),
});
