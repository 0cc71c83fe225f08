import type { JsonObject } from "../../encoding/mod.ts";
import { actionTypeName, id, object, text, words } from "./common.ts";

const OUTCOMES = ["SUCCEEDED", "FAILED"];

/** How a custom action ended that its caller executed. */
export const reportSchema: JsonObject = {
  title: "Nomos external outcome report v1",
  ...object(
    "How an action ended that Nomos authorized and its caller executed.",
    {
      schema_version: { const: "v1" },
      action_id: id("Of the action that was authorized."),
      trace_id: id("Of the action that was authorized."),
      action_type: { ...actionTypeName, description: "A custom type: no built-in one." },
      resource: text("As it was authorized.", { minLength: 1 }),
      outcome: words("How it ended.", OUTCOMES),
      message: text("For people; redacted before it is recorded.", { maxLength: 4096 }),
      external_reference: text("What the other side calls it.", { maxLength: 4096 }),
      approval_id: text("The approval it was done under.", { maxLength: 4096 }),
      approval_fingerprint: text("The approval's fingerprint.", { maxLength: 4096 }),
      status_code: { type: "integer", minimum: 0, maximum: 999 },
    },
    ["schema_version", "action_id", "trace_id", "action_type", "resource", "outcome"],
  ),
  examples: [{
    schema_version: "v1",
    action_id: "act_7",
    trace_id: "trace_1",
    action_type: "payments.refund",
    resource: "payment://shop.example.com/orders/ORD-1",
    outcome: "SUCCEEDED",
    external_reference: "re_123",
  }],
};

/** The answer to a report. */
export const receiptSchema: JsonObject = object("The report is on record.", {
  recorded: { const: true },
  trace_id: id("The report's."),
  action_id: id("The report's."),
  outcome: words("The report's.", OUTCOMES),
}, ["recorded", "trace_id", "action_id", "outcome"]);
