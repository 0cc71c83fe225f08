import { refusalReply, type Reply } from "../engine/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import { traceHeaders } from "./arrive.ts";

/** Headers of an answer. */
export type AnswerHeaders = Readonly<Record<string, string>>;

const JSON_TYPE = "application/json; charset=utf-8";

/** Answers with a JSON document. */
export function json(document: unknown, status = 200, headers?: AnswerHeaders): Response {
  return new Response(JSON.stringify(document), {
    status,
    headers: { "content-type": JSON_TYPE, ...headers },
  });
}

/** Answers a request with a document; its trace context is echoed. */
export function answerWith(request: Request, document: unknown): Response {
  return json(document, 200, traceHeaders(request));
}

/** Answers a request with the engine's reply; its trace context is echoed. */
export function answer(request: Request, reply: Reply): Response {
  const headers = traceHeaders(request);
  if (reply.retryAfterMs !== undefined && reply.status !== 200) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(reply.retryAfterMs / 1000)));
  }
  return json(reply.body, reply.status, headers);
}

/** Answers a refusal that never reached the engine. */
export function refused(refusal: Refusal, headers?: AnswerHeaders): Response {
  const reply = refusalReply(refusal);
  return json(reply.body, reply.status, headers);
}

/** Answers a fault: told without details, because they are for the operator only. */
export function faulted(): Response {
  return refused(
    refuse("internal_error", "Nomos failed inside; the operator's log says where"),
  );
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
    `Cannot ${method.slice(0, 32)} here, expected ${allowed.join(" or ")}`,
  );
  const methods = allowed.includes("GET") ? [...allowed, "HEAD"] : allowed;
  return refused(refusal, { allow: methods.join(", ") });
}
