import { describe, expect, it } from "vitest";
import { effectiveConfig } from "../../../../core/config/mod.ts";
import { loaded } from "./fixture.ts";

const SECRETS = {
  identity: {
    api_keys: { "SECRET-key-1": "ops", "SECRET-key-2": "ci" },
    service_secrets: { builder: "SECRET-service" },
    agent_secrets: { nomos: "SECRET-agent" },
  },
  approvals: {
    enabled: true,
    webhook_token: "SECRET-hook",
    slack_token: "SECRET-slack",
    slack_signing_secret: "SECRET-signing",
    teams_token: "SECRET-teams",
    store: "postgres://nomos:SECRET-password@db.example/nomos?key=SECRET-query",
    notify: [{ url: "https://hooks.example/SECRET-path", token: "SECRET-token" }],
  },
  credentials: {
    enabled: true,
    secrets: [{ id: "gh", env_key: "GH", value: "SECRET-lease", ttl_seconds: 60 }],
  },
  audit: { sink: "stdout,webhook:https://u:SECRET-basic@logs.example/v1/SECRET-path?k=SECRET-key" },
  telemetry: { sink: "otlp:https://SECRET-user@otlp.example/base" },
  rate_limits: { store: "redis://:SECRET-redis@cache.example" },
  mcp: {
    upstream_servers: [
      {
        name: "a",
        transport: "streamable_http",
        endpoint: "https://a.example/mcp?key=SECRET-query",
        auth: { type: "bearer", token: "SECRET-bearer", values: { "X-A": "SECRET-value" } },
      },
      { name: "b", transport: "stdio", command: "x", env: { TOKEN: "SECRET-env" } },
    ],
  },
};

describe("a shown config", () => {
  it("holds no secret, and not its length", async () => {
    const shown = effectiveConfig(await loaded({ config: SECRETS }));
    expect(JSON.stringify(shown)).not.toContain("SECRET");
    expect(shown.config).toMatchObject({
      identity: {
        api_keys: { "***": "system", "*** 2": "ops", "*** 3": "ci" },
        service_secrets: { builder: "***" },
        agent_secrets: { nomos: "***" },
      },
      approvals: {
        webhook_token: "***",
        store: "postgres://***@db.example/nomos?***",
        notify: [{ url: "***", token: "***" }],
      },
      credentials: { secrets: [{ id: "gh", env_key: "GH", value: "***", ttl_seconds: 60 }] },
      audit: { sink: "stdout,webhook:https://***@logs.example/***?***" },
      telemetry: { sink: "otlp:https://***@otlp.example/base" },
      rate_limits: { store: "redis://***@cache.example" },
      mcp: {
        upstream_servers: [
          {
            endpoint: "https://a.example/mcp?***",
            auth: { type: "bearer", token: "***", values: { "X-A": "***" } },
          },
          { env: { TOKEN: "***" } },
        ],
      },
    });
  });

  it("says of each value where it came from", async () => {
    const { values } = effectiveConfig(
      await loaded({
        config: { gateway: { concurrency_limit: 5 } },
        variables: { NOMOS_AUDIT_SINK: "stderr", NOMOS_IDENTITY_API_KEY: "another" },
        overrides: { listen: ":9" },
      }),
    );
    const source = (key: string) => values.find((value) => value.key === key)?.source;
    expect(source("gateway.listen")).toBe("--listen");
    expect(source("gateway.concurrency_limit")).toBe("file");
    expect(source("gateway.rate_limit_per_minute")).toBe("default");
    expect(source("audit.sink")).toBe("NOMOS_AUDIT_SINK");
    expect(source("identity.api_keys.***")).toBe("file");
    expect(source("identity.api_keys.*** 2")).toBe("NOMOS_IDENTITY_API_KEY");
    expect(source("executor.workspace_root")).toBe("default");
  });
});
