import { APPROVAL_STATUSES } from "../../approvals/mod.ts";
import type { JsonObject } from "../../encoding/mod.ts";
import { hash, list, object, text, time } from "./common.ts";

const approvalId = text("The approval_id of a response.", { minLength: 1 });

/** What somebody decides about an approval. */
export const decisionSchema: JsonObject = {
  ...object("A decision on an approval.", {
    approval_id: approvalId,
    decision: text("APPROVE or DENY, in any case.", {
      pattern: "^(?:[Aa][Pp][Pp][Rr][Oo][Vv][Ee]|[Dd][Ee][Nn][Yy])$",
      examples: ["APPROVE", "DENY"],
    }),
  }, ["approval_id", "decision"]),
  examples: [{ approval_id: "apr_0123456789abcdef01234567", decision: "APPROVE" }],
};

/** The answer to a decision. */
export const decisionRecordedSchema: JsonObject = object("The decision is on record.", {
  decision: { const: "ALLOW" },
  reason: { const: "approval_recorded" },
  approval_id: approvalId,
  approval_fingerprint: hash("What was decided about."),
  approval_expires_at: time("When the approval is of no use any more."),
}, ["decision", "reason", "approval_id", "approval_fingerprint", "approval_expires_at"]);

/** An approval as the agent sees it that asked for it. */
export const approvalStatusSchema: JsonObject = object("Where an approval stands.", {
  approval_id: approvalId,
  status: {
    type: "string",
    enum: [...new Set([...APPROVAL_STATUSES, "EXPIRED"])],
    description: "APPROVED: send the same action again, with the approval_id.",
  },
  approval_fingerprint: hash("What is to be approved."),
  approval_expires_at: time("When the approval is of no use any more."),
}, ["approval_id", "status", "approval_fingerprint", "approval_expires_at"]);

/** The answer of `/readyz`. */
export const readinessSchema: JsonObject = object("Whether Nomos can take work.", {
  ready: { type: "boolean" },
  failing: list(
    "Checks that fail.",
    object("One check.", { id: text("The id doctor uses."), message: text("For people.") }, [
      "id",
      "message",
    ]),
  ),
}, ["ready", "failing"]);

/** The answer of `/version`. */
export const versionSchema: JsonObject = object("What runs here.", {
  version: text("Version of Nomos."),
  commit: text("Commit it was built from."),
  build_date: text("When it was built."),
  runtime: text("Runtime it runs on."),
}, ["version", "commit", "build_date", "runtime"]);
