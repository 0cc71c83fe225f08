import * as z from "zod";
import { audit, telemetry } from "./schema/audit.ts";
import { credentials, executor } from "./schema/executor.ts";
import { gateway, runtime, upstream } from "./schema/gateway.ts";
import { identity } from "./schema/identity.ts";
import { approvals, rateLimits } from "./schema/limits.ts";
import { mcp } from "./schema/mcp.ts";
import { policy, redaction } from "./schema/policy.ts";

/** Everything a config file may hold: every key with its type, default and description. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("JSON Schema of this file, for editors."),
  gateway,
  runtime,
  policy,
  executor,
  credentials,
  audit,
  telemetry,
  mcp,
  upstream,
  approvals,
  identity,
  rate_limits: rateLimits,
  redaction,
});

type DeepReadonly<T> = T extends (infer Item)[] ? readonly DeepReadonly<Item>[]
  : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

/**
 * A whole config under the names of the file: every default filled in, secrets looked up, paths absolute,
 * deeply frozen. Made by `loadConfig` only.
 */
export type Config = DeepReadonly<z.output<typeof configSchema>>;

/** One upstream MCP server of a config. */
export type UpstreamServer = Config["mcp"]["upstream_servers"][number];

/** One rule of `rate_limits`. */
export type RateLimitRule = Config["rate_limits"]["principal_action"][number];
