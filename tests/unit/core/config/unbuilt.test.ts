import { describe, expect, it } from "vitest";
import { unbuiltFeatures } from "../../../../core/config/mod.ts";
import { loaded } from "./fixture.ts";

const ASKS: readonly [string, unknown, string][] = [
  ["Slack", { approvals: { enabled: true, slack_token: "t" } }, "/approvals/slack_token"],
  [
    "Slack's signatures",
    { approvals: { enabled: true, slack_signing_secret: "t" } },
    "/approvals/slack_signing_secret",
  ],
  ["Teams", { approvals: { enabled: true, teams_token: "t" } }, "/approvals/teams_token"],
  [
    "notifications",
    { approvals: { enabled: true, notify: ["https://a.example"] } },
    "/approvals/notify",
  ],
  [
    "approvals in PostgreSQL",
    { approvals: { enabled: true, store: "postgres://db" } },
    "/approvals/store",
  ],
  ["a file of approvals", { approvals: { enabled: true, backend: "file" } }, "/approvals/backend"],
  ["an audit webhook", { audit: { sink: "stdout,webhook:https://a.example" } }, "/audit/sink"],
  ["an audit in PostgreSQL", { audit: { sink: "postgres://db" } }, "/audit/sink"],
  ["telemetry", { telemetry: { enabled: true } }, "/telemetry/enabled"],
  ["Prometheus", { telemetry: { prometheus: true } }, "/telemetry/prometheus"],
  [
    "OPA",
    { policy: { opa: { enabled: true, url: "http://127.0.0.1:1" } } },
    "/policy/opa/enabled",
  ],
  [
    "upstream servers",
    { mcp: { upstream_servers: [{ name: "a", transport: "stdio", command: "x" }] } },
    "/mcp/upstream_servers",
  ],
  [
    "quotas in Redis",
    { rate_limits: { enabled: true, store: "redis://r" } },
    "/rate_limits/store",
  ],
  [
    "OIDC",
    {
      identity: { oidc: { enabled: true, issuer: "i", audience: "a", public_key_path: "k.pem" } },
    },
    "/identity/oidc/enabled",
  ],
  [
    "SPIFFE",
    { identity: { spiffe: { enabled: true, trust_domain: "example.org" } } },
    "/identity/spiffe/enabled",
  ],
];

describe("what is not built yet", () => {
  it.each(ASKS)(
    "is named when a config asks for %s, and the config loads",
    async (_, ask, pointer) => {
      const { config } = await loaded({ config: ask });
      const features = unbuiltFeatures(config);
      expect(features.map((feature) => feature.pointer)).toEqual([pointer]);
      expect(features[0]?.hint).not.toBe("");
    },
  );

  it("is not asked for by sections that are off, nor by mcp.enabled alone", async () => {
    const { config } = await loaded({
      config: {
        approvals: { slack_token: "t", teams_token: "t", backend: "file" },
        telemetry: { sink: "otlp:https://a.example" },
        rate_limits: { store: "redis://r" },
        mcp: { enabled: true },
      },
    });
    expect(unbuiltFeatures(config)).toEqual([]);
  });
});
