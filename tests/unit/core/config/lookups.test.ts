import { describe, expect, it } from "vitest";
import { loaded } from "./fixture.ts";

describe("a secret", () => {
  it("may be in a variable or a file, named from the folder of the config", async () => {
    const { config, secretFiles } = await loaded({
      config: {
        identity: {
          api_keys: { "env:KEY": "ops", "file:key": "ci" },
          agent_secrets: { nomos: "file:/run/agent", other: "env:OTHER" },
          service_secrets: { builder: "plain" },
        },
        approvals: {
          enabled: true,
          webhook_token: "env:HOOK",
          store: "env:STORE",
          notify: ["env:NOTIFY"],
        },
        credentials: {
          enabled: true,
          secrets: [{ id: "gh", env_key: "GH", value: "file:gh", ttl_seconds: 60 }],
        },
        rate_limits: { store: "env:REDIS" },
        mcp: {
          upstream_servers: [{
            name: "a",
            transport: "streamable_http",
            endpoint: "https://a.example",
            auth: { type: "header", values: { "X-Key": "env:OTHER" } },
          }],
        },
      },
      variables: {
        KEY: "key-1",
        OTHER: "other secret",
        HOOK: "hook",
        STORE: "postgres://u:p@db/nomos",
        NOTIFY: "https://hooks.example/T0",
        REDIS: "redis://cache",
      },
      files: {
        "/etc/nomos/key": "key-2\n",
        "/run/agent": "two\nlines\r\n",
        "/etc/nomos/gh": "ghp",
      },
    });
    expect(config.identity.api_keys).toEqual({
      "dev-api-key": "system",
      "key-1": "ops",
      "key-2": "ci",
    });
    expect(config.identity.agent_secrets).toEqual({ nomos: "two\nlines", other: "other secret" });
    expect(config.identity.service_secrets).toEqual({ builder: "plain" });
    expect(config.approvals).toMatchObject({
      webhook_token: "hook",
      store: "postgres://u:p@db/nomos",
      notify: [{ url: "https://hooks.example/T0" }],
    });
    expect(config.credentials.secrets[0]?.value).toBe("ghp");
    expect(config.rate_limits.store).toBe("redis://cache");
    expect(config.mcp.upstream_servers[0]?.auth?.values).toEqual({ "X-Key": "other secret" });
    expect(secretFiles.toSorted()).toEqual(["/etc/nomos/gh", "/etc/nomos/key", "/run/agent"]);
  });

  it("of a section that is off need not be there", async () => {
    await loaded({
      config: {
        approvals: { webhook_token: "env:NOT_SET" },
        credentials: { secrets: [{ id: "a", env_key: "A", value: "env:NOT_SET" }] },
      },
    });
  });

  it("from a variable of ours is looked up as well", async () => {
    const { config } = await loaded({
      variables: { NOMOS_IDENTITY_AGENT_SECRET: "env:REAL", REAL: "the secret" },
    });
    expect(config.identity.agent_secrets).toEqual({ nomos: "the secret" });
  });

  it("is looked up once: what is found is not a reference again", async () => {
    const { config } = await loaded({
      config: { identity: { agent_secrets: { nomos: "env:A" } } },
      variables: { A: "env:B" },
    });
    expect(config.identity.agent_secrets).toEqual({ nomos: "env:B" });
  });

  it("is not looked for in texts that are no secrets", async () => {
    const { config } = await loaded({
      config: {
        identity: { principal: "env:USER" },
        audit: { sink: "file:/var/log/audit.jsonl" },
        mcp: {
          upstream_servers: [
            { name: "a", transport: "stdio", command: "x", env: { DB: "file:./dev.db" } },
          ],
        },
      },
    });
    expect(config.identity.principal).toBe("env:USER");
    expect(config.audit.sink).toBe("file:/var/log/audit.jsonl");
    expect(config.mcp.upstream_servers[0]?.env).toEqual({ DB: "file:./dev.db" });
  });
});
