export { createApp, type HttpDoor, type HttpOptions } from "./app.ts";
export type { Connection } from "./arrive.ts";
export { allowedHosts, judgeHosts } from "./middleware/allowed_hosts.ts";
export { SECURITY_HEADERS, securityHeaders } from "./middleware/security_headers.ts";
export type { ReadinessReport } from "./readiness.ts";
export type { HttpEnv, Route, RouteHandler } from "./route.ts";
export { createDoor, type DoorBuild, type DoorOptions } from "./door.ts";
