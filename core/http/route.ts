import type { Connection } from "./arrive.ts";

/** Answers one request. */
export type RouteHandler = (
  request: Request,
  connection: Connection,
) => Response | Promise<Response>;

/** One path and what it answers to each method. HEAD is answered wherever GET is. */
export interface Route {
  /** As Hono writes paths: `/approvals/:id`, `/ui/*`. */
  readonly path: string;
  readonly methods: Readonly<Partial<Record<"GET" | "POST", RouteHandler>>>;
}

/** Hono's view of one request: the listener's knowledge travels as bindings. */
export type HttpEnv = { Bindings: Connection };
