import type { HttpOptions } from "../app.ts";
import { json } from "../answer.ts";
import type { Route } from "../route.ts";

const NO_STORE = { "cache-control": "no-store" };

/** `GET /healthz`: 200 while serving, 503 once shutdown began. */
export function healthRoute(options: HttpOptions): Route {
  return {
    path: "/healthz",
    methods: {
      GET: () => {
        const stopping = options.stopping.aborted;
        return new Response(stopping ? "shutting down" : "ok", {
          status: stopping ? 503 : 200,
          headers: { "content-type": "text/plain; charset=utf-8", ...NO_STORE },
        });
      },
    },
  };
}

/** `GET /readyz`: 200 when a bundle is loaded and the sinks answer, else 503 with the failing check ids. */
export function readyRoute(options: HttpOptions): Route {
  return {
    path: "/readyz",
    methods: {
      GET: async () => {
        const report = await options.readiness();
        return json(report, report.ready ? 200 : 503, NO_STORE);
      },
    },
  };
}

/** `GET /version`. */
export function versionRoute(options: HttpOptions): Route {
  return { path: "/version", methods: { GET: () => json(options.version) } };
}
