import { refusalReply, type Reply } from "../engine/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";

const JSON_HEADERS = { "content-type": "application/json; charset=utf-8" };

/** Answers with a JSON document. */
export function json(
  document: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(document), {
    status,
    headers: { ...JSON_HEADERS, ...headers },
  });
}

/** Answers with the engine's reply; the request's trace context is echoed. */
export function answer(reply: Reply, traceparent?: string): Response {
  const headers: Record<string, string> = {};
  if (traceparent !== undefined) headers["traceparent"] = traceparent;
  if (reply.retryAfterMs !== undefined && reply.status !== 200) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(reply.retryAfterMs / 1000)));
  }
  return json(reply.body, reply.status, headers);
}

/** Answers a refusal that never reached the engine. */
export function refused(refusal: Refusal, headers: Record<string, string> = {}): Response {
  const reply = refusalReply(refusal);
  return json(reply.body, reply.status, headers);
}

/** The path is not one of ours. */
export function unknownPath(): Response {
  return refused(
    refuse("unknown_path", "Cannot find this path; GET /openapi.json lists what there is"),
  );
}

/** The path is ours, the method is not. */
export function wrongMethod(method: string, allowed: readonly string[]): Response {
  const refusal = refuse(
    "method_not_allowed",
    `Cannot ${method} here, expected ${allowed.join(" or ")}`,
  );
  return refused(refusal, { allow: allowed.join(", ") });
}
