import { actionTypes } from "../../actions/mod.ts";
import type { JsonObject } from "../../encoding/mod.ts";
import { actionTypeName, id, object, text } from "./common.ts";

const approval = object(
  "Resumes an action with the approval that was given for it.",
  { approval_id: text("The approval_id of the response that asked for approval.") },
  ["approval_id"],
);

const context: JsonObject = object(
  "What comes along with the request; 8,192 bytes at most.",
  {
    extensions: {
      type: "object",
      description: "Free-form, but for approval.",
      properties: { approval },
    },
  },
  [],
);

/** The params of each built-in type; those of every other type are free. */
const paramsByType: readonly JsonObject[] = actionTypes.map((type) => ({
  if: { properties: { action_type: { const: type.name } }, required: ["action_type"] },
  then: { properties: { params: type.paramsSchema } },
}));

/** The request document of `/action`, `/run` and `/explain`. */
export const actionSchema: JsonObject = {
  title: "Nomos action request v1",
  ...object(
    "One thing an agent wants to do. Who wants it is proven by headers, never said in here.",
    {
      schema_version: { const: "v1" },
      action_id: id("Names this request; chosen by the caller."),
      action_type: actionTypeName,
      resource: text("What is acted on, as a URI of a scheme the action type owns.", {
        minLength: 1,
        examples: ["file://workspace/README.md", "url://api.example.com/v1/items"],
      }),
      params: { type: "object", description: "How; 32,768 bytes at most, by action type." },
      trace_id: id("Names the run that the request belongs to; chosen by the caller."),
      context,
    },
    [
      "schema_version",
      "action_id",
      "action_type",
      "resource",
      "params",
      "trace_id",
      "context",
    ],
  ),
  allOf: paramsByType,
  examples: [{
    schema_version: "v1",
    action_id: "act_1",
    action_type: "fs.read",
    resource: "file://workspace/README.md",
    params: {},
    trace_id: "trace_1",
    context: { extensions: {} },
  }],
};
