import { Hono } from "hono";
import type { Engine } from "../engine/mod.ts";
import { refuse } from "../model/mod.ts";
import { faulted, refused, unknownPath, wrongMethod } from "./answer.ts";
import { type Connection, hasPlainHost, targetOf } from "./arrive.ts";
import { allowedHosts } from "./middleware/allowed_hosts.ts";
import { securityHeaders } from "./middleware/security_headers.ts";
import type { ReadinessReport } from "./readiness.ts";
import type { HttpEnv, Route, RouteHandler } from "./route.ts";
import { actionRoute, explainRoute, reportRoute } from "./routes/actions.ts";
import { decideRoute, waitRoute, webhookRoute } from "./routes/approvals.ts";
import { contractRoutes } from "./routes/contract.ts";
import { OFF_PATHS, turnedOff } from "./routes/off.ts";
import { healthRoute, readyRoute, versionRoute } from "./routes/status.ts";

/** What the HTTP door is built from. */
export interface HttpOptions {
  readonly engine: Engine;
  /** Largest body of a request. */
  readonly maxBodyBytes: number;
  /** Hosts that UI routes may be reached by, without port. */
  readonly allowedHosts: readonly string[];
  /** Shown by `/version`. */
  readonly version: {
    readonly version: string;
    readonly commit: string;
    readonly build_date: string;
    readonly runtime: string;
  };
  /** Whether Nomos can take work, and if not, which checks fail. */
  readonly readiness: () => Promise<ReadinessReport>;
  /** Aborted once shutdown began: nothing new is taken, and who waits is let go. */
  readonly stopping: AbortSignal;
  /** Told of faults outside of the engine, for the operator's log. */
  readonly onFault?: (fault: unknown) => void;
}

/** Where there is no listener, nobody goes away. */
const NO_CONNECTION: Connection = { gone: new AbortController().signal };

/** The HTTP door: a fetch-style application. */
export interface HttpDoor {
  /** Answers one request. Never throws. */
  fetch(request: Request, connection?: Connection): Response | Promise<Response>;
  /** The paths it answers, as Hono writes them. */
  readonly paths: readonly string[];
}

/**
 * Makes the HTTP door over one engine.
 *
 * @example
 * ```ts
 * const door = createApp(options);
 * const response = await door.fetch(new Request("http://localhost/healthz"));
 * ```
 */
export function createApp(options: HttpOptions): HttpDoor {
  const routes = routesOf(options);
  const app = routerOf(routes, options);
  const toldFault = (fault: unknown) => {
    options.onFault?.(fault);
    return faulted();
  };
  app.onError(toldFault);
  // The paths agents call all day are found without the router, which costs as much as reading a request.
  const posts = new Map(routes.flatMap((route) => route.methods.POST ? [[route.path, route]] : []));
  return {
    paths: [...routes, ...OFF_PATHS].map(({ path }) => path),
    fetch(request, connection = NO_CONNECTION) {
      const route = request.method === "POST" ? posts.get(targetOf(request)) : undefined;
      if (route === undefined) return app.fetch(request, connection);
      const answered = handle(route, request, connection);
      return answered instanceof Promise ? answered.catch(toldFault) : answered;
    },
  };
}

function routerOf(routes: readonly Route[], options: HttpOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const [prefix, kind] of [["/ui", "page"], ["/api/ui", "data"]] as const) {
    app.use(`${prefix}/*`, securityHeaders(kind), allowedHosts(options.allowedHosts));
  }
  for (const route of routes) {
    app.all(route.path, (c) => handle(route, c.req.raw, c.env));
  }
  for (const { path, what } of OFF_PATHS) {
    app.all(path, () => turnedOff(what));
  }
  app.notFound(() => unknownPath());
  return app;
}

function handle(
  route: Route,
  request: Request,
  connection: Connection,
): Response | Promise<Response> {
  if (!hasPlainHost(request)) return badHost();
  const handler = handlerOf(route, request.method);
  return handler === undefined
    ? wrongMethod(request.method, Object.keys(route.methods))
    : handler(request, connection);
}

function handlerOf(route: Route, method: string): RouteHandler | undefined {
  // The body of an answer to HEAD is left out by Hono.
  if (method === "GET" || method === "HEAD") return route.methods.GET;
  return method === "POST" ? route.methods.POST : undefined;
}

function badHost(): Response {
  return refused(
    refuse("validation_error", "Cannot read the Host header, expected one host and perhaps a port"),
    { connection: "close" },
  );
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
    ...contractRoutes(),
  ];
}
