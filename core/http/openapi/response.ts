import type { JsonObject } from "../../encoding/mod.ts";
import { type ReasonMeaning, REASONS } from "../../model/mod.ts";
import { hash, id, list, object, obligations, text, time, words } from "./common.ts";

const MEANINGS: readonly ReasonMeaning[] = Object.values(REASONS);

/** The words of one kind of reason, without repetition, in the order of the table. */
export function wordsOf(kind: ReasonMeaning["kind"], status?: number): readonly string[] {
  const found = MEANINGS.filter((meaning) =>
    meaning.kind === kind && (status === undefined || meaning.status === status)
  );
  return [...new Set(found.map((meaning) => meaning.wire))];
}

const ERROR_REASON = `^(?:${wordsOf("error").join("|")}): `;

const problem = object("One problem of a document.", {
  pointer: text("JSON pointer of the member.", { format: "json-pointer" }),
  message: text("What is wrong, and what was expected."),
  line: { type: "integer", minimum: 1 },
  column: { type: "integer", minimum: 1 },
}, ["pointer", "message"]);

const error = object("Why the question could not be answered.", {
  code: words("The word to branch on; it never changes.", wordsOf("error")),
  message: text("For people; its wording may change."),
  details: list("Every problem of the document.", problem),
}, ["code", "message"]);

const members: Readonly<Record<string, JsonObject>> = {
  decision: words("What was decided.", ["ALLOW", "DENY", "REQUIRE_APPROVAL"]),
  reason: {
    description: "Why: one word for a decision; the code, a colon and a message for an error.",
    anyOf: [
      { type: "string", enum: wordsOf("decision") },
      { type: "string", pattern: ERROR_REASON },
    ],
  },
  message: text("What to know about the decision."),
  trace_id: id("The request's."),
  action_id: id("The request's."),
  execution_mode: words("Who executes, when it is not Nomos.", [
    "external_authorized",
    "mcp_forwarded",
  ]),
  report_path: { const: "/actions/report", description: "Where to report how it ended." },
  output: text("What came back, redacted and cut to its caps."),
  truncated: { const: true, description: "Something of the output is missing." },
  bytes_written: { type: "integer", minimum: 1 },
  stdout: text("Of a process, redacted and cut to its caps."),
  stderr: text("Of a process, redacted and cut to its caps."),
  exit_code: { type: "integer", description: "Of a process that ran; also 0." },
  status_code: { type: "integer", description: "Of an HTTP response that came." },
  obligations,
  approval_id: text("Names the approval that is waited for.", { pattern: "^apr_[0-9a-f]{24}$" }),
  approval_fingerprint: hash("What exactly is to be approved."),
  approval_expires_at: time("When the approval is of no use any more."),
  credential_lease_id: text("Names a lease of a secret.", { pattern: "^lease_[0-9a-f]{24}$" }),
  credential_lease_ids: list("Leases that were used.", { type: "string" }),
  retry_after_ms: { type: "integer", minimum: 1, description: "When a quota has room again." },
  error,
};

/** The answer to an action, and to whatever could not be answered. */
export const responseSchema: JsonObject = {
  title: "Nomos response v1",
  ...object(
    "The answer to an action. Members that do not apply are absent, never null or empty.",
    members,
    ["decision", "reason"],
  ),
  examples: [
    {
      decision: "ALLOW",
      reason: "allow_by_rule",
      trace_id: "trace_1",
      action_id: "act_1",
      output: "# Read me\n",
    },
    {
      decision: "DENY",
      reason: "deny_by_default",
      trace_id: "trace_1",
      action_id: "act_2",
    },
  ],
};

/** An answer that is an error. */
export const errorSchema: JsonObject = {
  description: "A response whose error says why there is no answer.",
  allOf: [{ $ref: "#/components/schemas/Response" }],
  properties: { decision: { const: "DENY" } },
  required: ["error"],
};
