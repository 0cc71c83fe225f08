import { describe, expect, it } from "vitest";
import { loaded } from "./fixture.ts";

/** Every key with what it is when nobody sets it. */
const DEFAULTS = {
  "approvals": {
    "allow_self_approval": false,
    "approver_principals": [],
    "enabled": false,
    "notify": [],
    "store_path": "/etc/nomos/nomos-approvals.db",
    "ttl_seconds": 900,
  },
  "audit": {
    "checkpoint_every": 1000,
    "durability": "full",
    "fail_open": false,
    "sink": "stdout",
    "spool_max_bytes": 268435456,
    "spool_path": "/etc/nomos/nomos-audit-spool.db",
  },
  "credentials": {
    "enabled": false,
    "secrets": [],
  },
  "executor": {
    "allow_private_networks": [],
    "env_allowlist": [
      "PATH",
      "HOME",
      "LANG",
      "LC_ALL",
      "TERM",
      "TZ",
    ],
    "exec_timeout_ms": 30000,
    "http_timeout_ms": 5000,
    "max_output_bytes": 65536,
    "max_output_lines": 200,
    "path": "/usr/local/bin:/usr/bin:/bin",
    "sandbox_enabled": false,
    "sandbox_local_fallback": "none",
    "sandbox_network": "none",
    "sandbox_profile": "none",
    "workspace_root": "/work",
  },
  "gateway": {
    "admin_principals": [
      "system",
    ],
    "allowed_hosts": [
      "localhost",
      "127.0.0.1",
      "[::1]",
    ],
    "circuit_breaker_cooldown_seconds": 60,
    "circuit_breaker_failures": 5,
    "concurrency_limit": 32,
    "listen": ":8080",
    "listener": "auto",
    "max_body_bytes": 65536,
    "max_params_bytes": 32768,
    "operator_principals": [
      "system",
    ],
    "rate_limit_per_minute": 120,
    "shutdown_timeout_ms": 5000,
    "tls": {
      "enabled": false,
      "require_mtls": false,
    },
    "transport": "http",
  },
  "identity": {
    "agent": "nomos",
    "agent_secrets": {
      "nomos": "dev-agent-secret",
    },
    "api_keys": {
      "dev-api-key": "system",
    },
    "environment": "dev",
    "oidc": {
      "enabled": false,
    },
    "principal": "system",
    "require_request_nonce": false,
    "service_secrets": {},
    "spiffe": {
      "enabled": false,
    },
  },
  "mcp": {
    "approvals_via_elicitation": false,
    "breaker": {
      "enabled": true,
      "failure_threshold": 5,
      "failure_window_ms": 60000,
      "open_timeout_ms": 30000,
    },
    "enabled": false,
    "list_denied_tools": false,
    "max_sessions": 1000,
    "session_idle_timeout_ms": 1800000,
    "timeouts": {
      "call_timeout_ms": 30000,
      "enumerate_timeout_ms": 5000,
      "initialize_timeout_ms": 5000,
      "stream_timeout_ms": 30000,
    },
    "tool_pins": {
      "file": "/etc/nomos/upstream-tool-pins.json",
      "mode": "record",
    },
    "upstream_servers": [],
  },
  "policy": {
    "exec_compatibility_mode": "legacy_allowlist_fallback",
    "explain_suggestions": true,
    "opa": {
      "enabled": false,
      "mode": "combine",
      "timeout_ms": 2000,
    },
    "policy_bundle_path": "/etc/nomos/bundle.yaml",
    "policy_bundle_paths": [],
    "policy_bundle_roles": [],
    "signature_paths": [],
    "verify_signatures": false,
  },
  "rate_limits": {
    "enabled": false,
    "evict_after_seconds": 3600,
    "global_tool": [],
    "max_buckets": 100000,
    "on_store_error": "deny",
    "principal_action": [],
    "principal_resource": [],
    "store": "memory",
  },
  "redaction": {
    "patterns": [],
  },
  "runtime": {
    "deployment_mode": "unmanaged",
    "evidence": {
      "container_backend_ready": false,
      "durable_audit_verified": false,
      "network_default_deny": false,
      "no_new_privileges": false,
      "read_only_fs": false,
      "rootless_or_non_privileged": false,
      "workload_identity_verified": false,
    },
    "stateless_mode": false,
    "strong_guarantee": false,
  },
  "telemetry": {
    "enabled": false,
    "prometheus": false,
    "sink": "stdout",
  },
  "upstream": {
    "routes": [],
    "tool_pins": {},
  },
};

describe("the defaults", () => {
  it("are these", async () => {
    const { config } = await loaded();
    expect(config).toEqual(DEFAULTS);
  });

  it("are told to come from nowhere", async () => {
    const { sources } = await loaded();
    expect(sources.of("/gateway/listen")).toEqual({ kind: "default" });
    expect(sources.of("/identity/principal")).toEqual({ kind: "file" });
  });
});
