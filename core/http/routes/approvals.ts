import { refuse } from "../../model/mod.ts";
import { answer, answerWith, json, refused } from "../answer.ts";
import type { HttpOptions } from "../app.ts";
import { arrivalOf, type Connection, targetOf, traceHeaders } from "../arrive.ts";
import type { Route } from "../route.ts";
import { shuttingDown, withBody } from "../with_body.ts";

const WAIT_MS = /^(?:0|[1-9][0-9]{0,8})$/;
const PREFIX = "/approvals/";

/** `POST /approvals/decide`: a principal that may approve decides. */
export function decideRoute(options: HttpOptions): Route {
  return {
    path: "/approvals/decide",
    methods: {
      POST: (request, connection) =>
        withBody(request, options, async (bytes) => {
          const decided = await options.engine.decideApproval(
            arrivalOf(request, bytes, connection),
          );
          return decided.ok ? answerWith(request, decided.value) : answer(request, decided.reason);
        }),
    },
  };
}

/** `POST /webhooks/approvals`: a workflow decides, proven by a shared token. */
export function webhookRoute(options: HttpOptions): Route {
  return {
    path: "/webhooks/approvals",
    methods: {
      POST: (request) =>
        withBody(request, options, async (bytes) => {
          const token = request.headers.get("x-nomos-webhook-token") ?? undefined;
          const decided = await options.engine.decideByWebhook(bytes, token);
          return decided.ok ? answerWith(request, decided.value) : answer(request, decided.reason);
        }),
    },
  };
}

/** `GET /approvals/{id}?wait_ms=`: an agent waits for a decision on its own approval. */
export function waitRoute(options: HttpOptions): Route {
  return {
    path: `${PREFIX}:id`,
    methods: { GET: (request, connection) => waitFor(request, connection, options) },
  };
}

async function waitFor(
  request: Request,
  connection: Connection,
  options: HttpOptions,
): Promise<Response> {
  if (options.stopping.aborted) return shuttingDown();
  const [path = "", query = ""] = targetOf(request).split("?", 2);
  const wait = new URLSearchParams(query).get("wait_ms") ?? "0";
  if (!WAIT_MS.test(wait)) {
    return refused(
      refuse("validation_error", 'Cannot use "wait_ms": expected milliseconds as a whole number'),
    );
  }
  const arrival = arrivalOf(request, new Uint8Array(0), connection);
  // Who waits is let go when shutdown begins, and told how the approval stands by then.
  const leave = new AbortController();
  const abort = () => leave.abort();
  const { gone } = connection;
  const { stopping } = options;
  if (gone.aborted) abort();
  gone.addEventListener("abort", abort, { once: true });
  stopping.addEventListener("abort", abort, { once: true });
  try {
    const id = path.slice(PREFIX.length);
    const waiting = { ...arrival, signal: leave.signal };
    const found = await options.engine.waitApproval(waiting, id, Number(wait));
    return found.ok
      ? json(found.value, 200, { ...traceHeaders(request), "cache-control": "no-store" })
      : answer(request, found.reason);
  } finally {
    // INVARIANT: nothing of a request stays behind on the signal of the process.
    stopping.removeEventListener("abort", abort);
    gone.removeEventListener("abort", abort);
  }
}
