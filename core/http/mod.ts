export { createApp, type HttpEnv, type HttpOptions, type Route } from "./app.ts";
export type { Connection } from "./arrive.ts";
export type { ReadinessReport } from "./readiness.ts";
