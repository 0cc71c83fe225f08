import { describe, expect, it } from "vitest";
import { unbuiltFeatures } from "../../../../core/config/mod.ts";
import { loaded, MINIMAL } from "./fixture.ts";

// Files in the style of those that people already have: every member written out, most of them empty.

const WRITTEN_OUT = {
  gateway: {
    listen: ":8080",
    transport: "http",
    concurrency_limit: 32,
    rate_limit_per_minute: 120,
    circuit_breaker_failures: 5,
    circuit_breaker_cooldown_seconds: 60,
    tls: { enabled: false, cert_file: "", key_file: "", client_ca_file: "", require_mtls: false },
  },
  runtime: { stateless_mode: false, strong_guarantee: false, deployment_mode: "unmanaged" },
  policy: {
    policy_bundle_path: "../policies/safe.yaml",
    verify_signatures: false,
    signature_path: "",
    signature_paths: [],
    public_key_path: "",
    exec_compatibility_mode: "legacy_allowlist_fallback",
    explain_suggestions: true,
    opa: { enabled: false, binary_path: "", policy_path: "", query: "", timeout_ms: 2000 },
  },
  executor: {
    sandbox_enabled: true,
    sandbox_profile: "local",
    workspace_root: "",
    max_output_bytes: 65536,
    max_output_lines: 200,
  },
  credentials: {
    enabled: false,
    secrets: [{ id: "gh", env_key: "GITHUB_TOKEN", value: "replace-me", ttl_seconds: 300 }],
  },
  audit: { sink: "stdout" },
  telemetry: { enabled: false, sink: "" },
  mcp: {
    enabled: true,
    breaker: {
      enabled: true,
      failure_threshold: 5,
      failure_window_ms: 60000,
      open_timeout_ms: 30000,
    },
    upstream_servers: [{
      name: "retail",
      transport: "stdio",
      command: "python",
      args: ["server.py"],
      allow_missing_tool_schemas: false,
      env_allowlist: ["PATH", "HOME"],
      env: { BASE_URL: "http://127.0.0.1:8002" },
      breaker: { failure_threshold: 3, failure_window_ms: 60000, open_timeout_ms: 10000 },
    }],
  },
  upstream: { routes: [], tool_pins: { file: "./upstream-tool-pins.json", mode: "record" } },
  approvals: {
    enabled: true,
    backend: "sqlite",
    store_path: "",
    ttl_seconds: 900,
    webhook_token: "",
    slack_token: "",
    teams_token: "",
  },
  identity: {
    principal: "system",
    agent: "nomos",
    environment: "dev",
    api_keys: { "dev-api-key": "system" },
    service_secrets: {},
    agent_secrets: { nomos: "dev-agent-secret" },
    oidc: { enabled: false, issuer: "", audience: "", public_key_path: "" },
    spiffe: { enabled: false, trust_domain: "" },
  },
  redaction: { patterns: [] },
};

describe("a config file that exists already", () => {
  it("loads with every member written out", async () => {
    const { config, warnings } = await loaded({ config: JSON.stringify(WRITTEN_OUT) });
    expect(warnings).toEqual([]);
    expect(config.policy.policy_bundle_path).toBe("/etc/policies/safe.yaml");
    expect(config.mcp.tool_pins.file).toBe("/etc/nomos/upstream-tool-pins.json");
    expect(unbuiltFeatures(config).map(({ pointer }) => pointer)).toEqual([
      "/mcp/upstream_servers",
    ]);
  });

  it("loads for a stateless deployment", async () => {
    const { config } = await loaded({
      config: {
        ...MINIMAL,
        runtime: { stateless_mode: true },
        audit: { sink: "stdout,webhook:https://audit.example.internal/events" },
        approvals: { enabled: false },
      },
    });
    expect(config.runtime.stateless_mode).toBe(true);
    expect(config.audit.sink).toBe("stdout,webhook:https://audit.example.internal/events");
  });

  it("loads with routes that are plain URLs", async () => {
    const { config } = await loaded({
      config: { upstream: { routes: ["https://api.example.com/v1"] } },
    });
    expect(config.upstream.routes).toEqual([{ url: "https://api.example.com/v1", methods: [] }]);
  });
});
