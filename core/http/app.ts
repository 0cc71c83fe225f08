import { Hono } from "hono";
import type { Engine } from "../engine/mod.ts";
import type { Connection } from "./arrive.ts";
import { unknownPath, wrongMethod } from "./answer.ts";
import type { ReadinessReport } from "./readiness.ts";
import { actionRoute, explainRoute, reportRoute } from "./routes/actions.ts";
import { decideRoute, waitRoute, webhookRoute } from "./routes/approvals.ts";
import { healthRoute, readyRoute, versionRoute } from "./routes/status.ts";

/** What the HTTP door is built from. */
export interface HttpOptions {
  readonly engine: Engine;
  readonly maxBodyBytes: number;
  /** Shown by `/version`. */
  readonly version: {
    readonly version: string;
    readonly commit: string;
    readonly build_date: string;
    readonly runtime: string;
  };
  /** Whether Nomos can take work, and if not, which checks fail. */
  readonly readiness: () => Promise<ReadinessReport>;
  /** Whether shutdown began. */
  readonly stopping: () => boolean;
}

/** Hono's view of one request: the listener's knowledge travels as bindings. */
export type HttpEnv = { Bindings: Connection };

/** One path and what it answers to each method. */
export interface Route {
  readonly path: string;
  readonly methods: Readonly<
    Partial<
      Record<
        "GET" | "POST",
        (request: Request, connection: Connection) => Response | Promise<Response>
      >
    >
  >;
}

/**
 * The HTTP door: a fetch-style application over one engine.
 *
 * @example
 * ```ts
 * const app = createApp(options);
 * const response = await app.fetch(new Request("http://localhost/healthz"), { gone: new AbortController().signal });
 * ```
 */
export function createApp(options: HttpOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const route of routesOf(options)) {
    const allowed = Object.keys(route.methods);
    app.all(route.path, (c) => {
      const method = c.req.raw.method;
      const handler = method === "GET" || method === "POST" ? route.methods[method] : undefined;
      if (handler) return handler(c.req.raw, c.env);
      if (method === "HEAD" && route.methods.GET) return route.methods.GET(c.req.raw, c.env);
      return wrongMethod(method, allowed);
    });
  }
  app.notFound(() => unknownPath());
  return app;
}

function routesOf(options: HttpOptions): readonly Route[] {
  return [
    actionRoute("/action", options),
    actionRoute("/run", options),
    explainRoute(options),
    reportRoute(options),
    decideRoute(options),
    webhookRoute(options),
    waitRoute(options),
    healthRoute(options),
    readyRoute(options),
    versionRoute(options),
  ];
}
