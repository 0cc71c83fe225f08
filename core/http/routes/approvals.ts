import { refuse } from "../../model/mod.ts";
import { answer, json, refused } from "../answer.ts";
import type { HttpOptions, Route } from "../app.ts";
import { arrivalOf } from "../arrive.ts";
import { withBody, withRawBody } from "../with_body.ts";

const WAIT_MS = /^(?:0|[1-9][0-9]{0,8})$/;

/** `POST /approvals/decide`: a principal that may approve decides. */
export function decideRoute(options: HttpOptions): Route {
  return {
    path: "/approvals/decide",
    methods: {
      POST: (request, connection) =>
        withBody(request, connection, options, async (arrival) => {
          const decided = await options.engine.decideApproval(arrival);
          return decided.ok ? json(decided.value) : answer(decided.reason);
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
        withRawBody(request, options, async (bytes) => {
          const token = request.headers.get("x-nomos-webhook-token") ?? undefined;
          const decided = await options.engine.decideByWebhook(bytes, token);
          return decided.ok ? json(decided.value) : answer(decided.reason);
        }),
    },
  };
}

/** `GET /approvals/{id}?wait_ms=`: an agent waits for a decision on its own approval. */
export function waitRoute(options: HttpOptions): Route {
  return {
    path: "/approvals/:id",
    methods: {
      GET: async (request, connection) => {
        const url = new URL(request.url);
        const wait = url.searchParams.get("wait_ms") ?? "0";
        if (!WAIT_MS.test(wait)) {
          return refused(
            refuse(
              "validation_error",
              'Cannot use "wait_ms": expected milliseconds as a whole number',
            ),
          );
        }
        const id = url.pathname.slice("/approvals/".length);
        const arrival = arrivalOf(request, new Uint8Array(0), connection);
        const found = await options.engine.waitApproval(arrival, id, Number(wait));
        return found.ok ? json(found.value) : answer(found.reason);
      },
    },
  };
}
