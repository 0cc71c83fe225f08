import { explanationOf } from "../../explain/mod.ts";
import type { HttpOptions } from "../app.ts";
import { answer, answerWith } from "../answer.ts";
import { arrivalOf } from "../arrive.ts";
import type { Route } from "../route.ts";
import { withBody } from "../with_body.ts";

/** `POST /action` and its alias `/run`: the whole pipeline. */
export function actionRoute(path: string, options: HttpOptions): Route {
  return {
    path,
    methods: {
      POST: (request, connection) =>
        withBody(request, options, async (bytes) => {
          return answer(request, await options.engine.run(arrivalOf(request, bytes, connection)));
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
        withBody(request, options, async (bytes) => {
          const considered = await options.engine.explain(arrivalOf(request, bytes, connection));
          return considered.ok
            ? answerWith(request, explanationOf(considered.value))
            : answer(request, considered.reason);
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
        withBody(request, options, async (bytes) => {
          const reported = await options.engine.report(arrivalOf(request, bytes, connection));
          return reported.ok
            ? answerWith(request, reported.value)
            : answer(request, reported.reason);
        }),
    },
  };
}
