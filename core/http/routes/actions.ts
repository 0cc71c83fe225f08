import { explanationOf } from "../../explain/mod.ts";
import type { HttpOptions, Route } from "../app.ts";
import { answer, json } from "../answer.ts";
import { traceparentOf } from "../arrive.ts";
import { withBody } from "../with_body.ts";

/** `POST /action` and its alias `/run`: the whole pipeline. */
export function actionRoute(path: string, options: HttpOptions): Route {
  return {
    path,
    methods: {
      POST: (request, connection) =>
        withBody(request, connection, options, async (arrival) => {
          const reply = await options.engine.run(arrival);
          return answer(reply, arrival.traceparent);
        }),
    },
  };
}

/** `POST /explain`: the decision and why, without any effect. */
export function explainRoute(options: HttpOptions): Route {
  return {
    path: "/explain",
    methods: {
      POST: (request, connection) =>
        withBody(request, connection, options, async (arrival) => {
          const considered = await options.engine.explain(arrival);
          if (!considered.ok) return answer(considered.reason, arrival.traceparent);
          const headers: Record<string, string> = arrival.traceparent
            ? { traceparent: arrival.traceparent }
            : {};
          return json(explanationOf(considered.value), 200, headers);
        }),
    },
  };
}

/** `POST /actions/report`: how a custom action ended that the caller executed. */
export function reportRoute(options: HttpOptions): Route {
  return {
    path: "/actions/report",
    methods: {
      POST: (request, connection) =>
        withBody(request, connection, options, async (arrival) => {
          const reported = await options.engine.report(arrival);
          return reported.ok
            ? json(reported.value)
            : answer(reported.reason, traceparentOf(request));
        }),
    },
  };
}
