import type { Config } from "./schema.ts";
import { splitSinks } from "./sinks.ts";

/** A feature that a config asks for and that this version does not have. */
export interface UnbuiltFeature {
  /** JSON pointer of the key that asks. */
  readonly pointer: string;
  readonly feature: string;
  /** What to do instead. */
  readonly hint: string;
}

interface Entry extends UnbuiltFeature {
  asks(config: Config): boolean;
}

/**
 * The one list of what the schema knows and this version does not do yet. A config that asks for one of these is
 * read and checked like any other; starting with it is refused by name, because leaving out a control that the
 * operator asked for must not go unnoticed.
 */
const UNBUILT: readonly Entry[] = [
  ...(["slack_token", "slack_signing_secret", "teams_token"] as const).map((key): Entry => ({
    pointer: `/approvals/${key}`,
    feature: `the ${key.startsWith("slack") ? "Slack" : "Teams"} approval webhook`,
    hint:
      `remove approvals.${key}; the generic webhook (webhook_token) and nomos approvals decide too`,
    asks: ({ approvals }) => approvals.enabled && approvals[key] !== undefined,
  })),
  {
    pointer: "/approvals/notify",
    feature: "notifications of new approvals",
    hint: "remove approvals.notify",
    asks: ({ approvals }) => approvals.enabled && approvals.notify.length > 0,
  },
  {
    pointer: "/approvals/store",
    feature: "approvals in PostgreSQL",
    hint: "use sqlite:<path>",
    asks: ({ approvals }) => approvals.enabled && approvals.store?.startsWith("postgres") === true,
  },
  {
    pointer: "/approvals/backend",
    feature: "the JSON file store of approvals",
    hint: "set approvals.backend to sqlite, and store_path to a database",
    asks: ({ approvals }) => approvals.enabled && approvals.backend === "file",
  },
  ...(["webhook", "postgres"] as const).map((kind): Entry => ({
    pointer: "/audit/sink",
    feature: `the ${kind} audit sink`,
    hint: "use stdout, stderr, file:<path> or sqlite:<path>",
    asks: ({ audit }) => splitSinks(audit.sink).some((sink) => sink.kind === kind),
  })),
  {
    pointer: "/telemetry/enabled",
    feature: "telemetry",
    hint: "set telemetry.enabled to false",
    asks: ({ telemetry }) => telemetry.enabled,
  },
  {
    pointer: "/telemetry/prometheus",
    feature: "Prometheus metrics",
    hint: "set telemetry.prometheus to false",
    asks: ({ telemetry }) => telemetry.prometheus,
  },
  {
    pointer: "/policy/opa/enabled",
    feature: "Open Policy Agent",
    hint: "set policy.opa.enabled to false",
    asks: ({ policy }) => policy.opa.enabled,
  },
  {
    pointer: "/mcp/upstream_servers",
    feature: "the gateway to upstream MCP servers",
    hint: "remove mcp.upstream_servers",
    asks: ({ mcp }) => mcp.upstream_servers.length > 0,
  },
  {
    pointer: "/rate_limits/store",
    feature: "rate limits in Redis",
    hint: "use memory",
    asks: ({ rate_limits }) => rate_limits.enabled && rate_limits.store !== "memory",
  },
  {
    pointer: "/identity/oidc/enabled",
    feature: "OIDC bearer tokens",
    hint: "use identity.api_keys or identity.service_secrets",
    asks: ({ identity }) => identity.oidc.enabled,
  },
  {
    pointer: "/identity/spiffe/enabled",
    feature: "SPIFFE ids",
    hint: "use identity.api_keys or identity.service_secrets",
    asks: ({ identity }) => identity.spiffe.enabled,
  },
];

/** Lists the features that a config asks for and that are not built yet; `serve` refuses to start with any. */
export function unbuiltFeatures(config: Config): readonly UnbuiltFeature[] {
  return UNBUILT.filter((entry) => entry.asks(config))
    .map(({ pointer, feature, hint }) => ({ pointer, feature, hint }));
}

/** The keys that stand for features that are not built yet, as pointers. */
export function unbuiltPointers(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { pointer, feature } of UNBUILT) {
    const other = found.get(pointer);
    found.set(pointer, other === undefined ? feature : `${other}, ${feature}`);
  }
  return found;
}
