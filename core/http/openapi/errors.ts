import type { JsonObject } from "../../encoding/mod.ts";
import { wordsOf } from "./response.ts";

/** What each status of an error means for its caller. */
const MEANINGS: Readonly<Record<number, string>> = {
  400:
    "The document, the resource or the execution was at fault; a retry without a change is of no use.",
  401: "Principal or agent is not proven. The message never says which.",
  403: "Proven, but not allowed to do this.",
  404: "Not here: a feature that is off, an approval or an action that is not known.",
  405: "Not with this method; Allow lists the ones there are.",
  409: "Already decided otherwise, or already used.",
  413: "The body is too large (64 KiB unless gateway.max_body_bytes says otherwise).",
  415: "The body is not application/json.",
  429:
    "Too much at once or in a minute, or too many failures in a row; Retry-After says when to come again.",
  500: "Nomos failed inside. Nothing is told here; the operator's log has it.",
  503: "Shutting down, or the audit cannot be written, without which nothing executes.",
};

/** Statuses of errors. */
export const ERROR_STATUSES: readonly number[] = Object.keys(MEANINGS).map(Number);

/** The name of a status's response in `components`. */
export function errorName(status: number): string {
  return `Error${status}`;
}

/** The error responses, one a status, with the codes the table of reasons gives it. */
export function errorResponses(): JsonObject {
  return Object.fromEntries(ERROR_STATUSES.map((status) => [errorName(status), one(status)]));
}

function one(status: number): JsonObject {
  const codes = wordsOf("error", status);
  return {
    description: `${MEANINGS[status] ?? ""} Codes: ${
      codes.map((code) => `\`${code}\``).join(", ")
    }.`,
    headers: headersOf(status),
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
}

function headersOf(status: number): JsonObject {
  const trace = { traceparent: { $ref: "#/components/headers/traceparent" } };
  if (status === 405) return { Allow: { $ref: "#/components/headers/Allow" } };
  if (status === 429) {
    return { ...trace, "Retry-After": { $ref: "#/components/headers/RetryAfter" } };
  }
  return trace;
}
