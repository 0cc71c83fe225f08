import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { patched } from "../config/fixture.ts";
import { finding, type Machine } from "./support.ts";

interface Row {
  readonly id: string;
  readonly when: string;
  readonly machine: Machine;
  readonly status: "PASS" | "WARN" | "FAIL";
  /** Part of the message. */
  readonly says: string;
}

const rule = (more: string) =>
  `version: v1\nrules:\n  - id: r1\n    action_type: process.exec\n    resource: file://workspace/\n    decision: ALLOW\n${more}`;

const KEY = "8f14e45fceea167a5a36dedd4bea2543";
const SHORT = { identity: { api_keys: { [KEY]: null, "8f14e45f": "ops" } } };

const ROWS: readonly Row[] = [
  {
    id: "config.load",
    when: "a variable sets nothing",
    machine: { variables: { NOMOS_GATEWAY_LISTN: ":1" } },
    status: "WARN",
    says: "did you mean NOMOS_GATEWAY_LISTEN?",
  },
  {
    id: "config.features_available",
    when: "something is asked for that does not exist yet",
    machine: { config: { telemetry: { enabled: true } } },
    status: "FAIL",
    says: "not in this version: telemetry",
  },
  {
    id: "config.bundle_path_resolves",
    when: "the bundle is elsewhere",
    machine: { config: { policy: { policy_bundle_path: "other.yaml" } } },
    status: "FAIL",
    says: "other.yaml",
  },
  {
    id: "config.environment_recognized",
    when: "the environment is unusual",
    machine: { config: { identity: { environment: "moon" } } },
    status: "FAIL",
    says: "moon",
  },
  {
    id: "policy.bundle_exists",
    when: "there is no bundle",
    machine: { config: { policy: { policy_bundle_path: "other.yaml" } } },
    status: "FAIL",
    says: "no such file",
  },
  {
    id: "policy.bundle_exists",
    when: "a folder is in its place",
    machine: { config: { policy: { policy_bundle_path: "workspace" } } },
    status: "FAIL",
    says: "workspace",
  },
  {
    id: "policy.bundle_parses",
    when: "a rule has an unknown decision",
    machine: { bundle: rule("").replace("ALLOW", "MAYBE") },
    status: "FAIL",
    says: "bundle.yaml:6:",
  },
  {
    id: "policy.bundle_parses",
    when: "the signature is missing",
    machine: {
      config: {
        policy: { verify_signatures: true, public_key_path: "k.pem", signature_path: "b.sig" },
      },
    },
    status: "FAIL",
    says: "Cannot read the signature",
  },
  {
    id: "policy.bundle_hash",
    when: "there is no policy",
    machine: { bundle: "version: v1" },
    status: "FAIL",
    says: "no policy to hash",
  },
  {
    id: "policy.deny_by_default_probe",
    when: "one rule allows everything",
    machine: {
      bundle: rule("").replace("process.exec", '"*"').replace("workspace/", "workspace/**"),
    },
    status: "FAIL",
    says: "answered ALLOW by r1",
  },
  {
    id: "policy.deny_by_default_probe",
    when: "one rule denies everything",
    machine: {
      bundle: rule("").replace("process.exec", '"*"').replace("workspace/", "workspace/**")
        .replace("ALLOW", "DENY"),
    },
    status: "PASS",
    says: "is denied",
  },
  {
    id: "policy.exec_compatibility",
    when: "strict mode meets the legacy model",
    machine: {
      config: { policy: { exec_compatibility_mode: "strict" } },
      bundle: rule('    obligations: { exec_allowlist: [["git"]] }\n'),
    },
    status: "FAIL",
    says: "exec_allowlist is used by r1",
  },
  {
    id: "policy.exec_compatibility",
    when: "the legacy model may be used",
    machine: { bundle: rule('    obligations: { exec_allowlist: [["git"]] }\n') },
    status: "PASS",
    says: "legacy_allowlist_fallback",
  },
  {
    id: "policy.lint",
    when: "a rule lets every command run",
    machine: { bundle: rule("") },
    status: "WARN",
    says: "bundle.yaml:3:5: rule r1 sets no limit on commands",
  },
  {
    id: "policy.lint",
    when: "a rule has expired",
    machine: {
      bundle: rule(
        '    exec_match: { argv_patterns: [["git"]] }\n    expires_at: 2026-01-01T00:00:00Z\n',
      ),
    },
    status: "WARN",
    says: "rule r1 has been as if absent since 2026-01-01",
  },
  {
    id: "policy.lint",
    when: "a rule expires tomorrow",
    machine: {
      bundle: rule(
        '    exec_match: { argv_patterns: [["git"]] }\n    expires_at: 2026-06-02T00:00:00Z\n',
      ),
    },
    status: "PASS",
    says: "no rule",
  },
  {
    id: "policy.opa_evaluator_ready",
    when: "OPA is asked for",
    machine: { config: { policy: { opa: { enabled: true, url: "http://127.0.0.1:1/x" } } } },
    status: "FAIL",
    says: "cannot be asked",
  },
  {
    id: "identity.required_secrets_present",
    when: "the own agent has no secret",
    machine: { config: { identity: { agent: "other" } } },
    status: "FAIL",
    says: "the agent other has no secret",
  },
  {
    id: "identity.environment_derivation",
    when: "the environment is unusual",
    machine: { config: { identity: { environment: "moon" } } },
    status: "FAIL",
    says: "moon",
  },
  {
    id: "identity.secrets_strength",
    when: "an API key is short",
    machine: { config: SHORT },
    status: "WARN",
    says: "an API key of ops is short",
  },
  {
    id: "identity.secrets_strength",
    when: "a secret is that of the examples",
    machine: { config: { identity: { agent_secrets: { nomos: "dev-agent-secret-for-demos" } } } },
    status: "WARN",
    says: "the secret of agent nomos is a known example",
  },
  {
    id: "identity.secrets_strength",
    when: "a placeholder was never replaced",
    machine: { config: { identity: { service_secrets: { ci: "${SERVICE_SECRET_OF_CI}" } } } },
    status: "WARN",
    says: "the secret of service ci is a known example",
  },
  {
    id: "identity.secrets_strength",
    when: "one secret is used twice",
    machine: { config: { identity: { agent_secrets: { nomos: KEY } } } },
    status: "WARN",
    says: "one secret is used twice",
  },
  {
    id: "identity.secrets_strength",
    when: "everybody can read a secret",
    machine: {
      config: { identity: { agent_secrets: { nomos: "file:secret" } } },
      files: { secret: "c9f0f895fb98ab9159f51fd0297e236d" },
      prepare: (folder) => chmodSync(folder.at("secret"), 0o644),
    },
    status: "WARN",
    says: "everybody on this machine can read",
  },
  {
    id: "identity.secrets_strength",
    when: "a secret lies in a file of one's own",
    machine: {
      config: { identity: { agent_secrets: { nomos: "file:secret" } } },
      files: { secret: "c9f0f895fb98ab9159f51fd0297e236d" },
    },
    status: "PASS",
    says: "known to nobody else",
  },
  {
    id: "mcp.enabled",
    when: "MCP is off",
    machine: { config: { mcp: { enabled: false } } },
    status: "PASS",
    says: "off",
  },
  {
    id: "mcp.transport_configured",
    when: "MCP is off",
    machine: { config: { mcp: { enabled: false } } },
    status: "PASS",
    says: "MCP is off",
  },
  {
    id: "mcp.stdio_structure_valid",
    when: "the audit wants stdout too",
    machine: { config: { audit: { sink: "stdout" } } },
    status: "PASS",
    says: "stderr instead of stdout",
  },
  {
    id: "mcp.upstream_breaker.tools",
    when: "a server has one",
    machine: {
      config: {
        mcp: { upstream_servers: [{ name: "tools", transport: "stdio", command: "/bin/true" }] },
      },
    },
    status: "PASS",
    says: "5 failures within 60000 ms open it for 30000 ms",
  },
  {
    id: "mcp.upstream_breaker.tools",
    when: "a server has none",
    machine: {
      config: {
        mcp: {
          upstream_servers: [
            {
              name: "tools",
              transport: "stdio",
              command: "/bin/true",
              breaker: { enabled: false },
            },
          ],
        },
      },
    },
    status: "WARN",
    says: "disabled",
  },
  {
    id: "mcp.upstream_env_isolation.tools",
    when: "a server gets nothing",
    machine: {
      config: {
        mcp: { upstream_servers: [{ name: "tools", transport: "stdio", command: "/bin/true" }] },
      },
    },
    status: "PASS",
    says: "empty environment",
  },
  {
    id: "mcp.upstream_env_isolation.tools",
    when: "a server gets some variables",
    machine: {
      config: {
        mcp: {
          upstream_servers: [{
            name: "tools",
            transport: "stdio",
            command: "npx",
            env_allowlist: ["PATH"],
            env: { B: "1" },
          }],
        },
      },
    },
    status: "PASS",
    says: "nothing but B, PATH",
  },
  {
    id: "mcp.upstream_env_isolation.tools",
    when: "a command is looked up without a PATH",
    machine: {
      config: {
        mcp: { upstream_servers: [{ name: "tools", transport: "stdio", command: "npx" }] },
      },
    },
    status: "WARN",
    says: "npx is looked up without a PATH",
  },
  {
    id: "fs.workspace_exists",
    when: "it does not",
    machine: { config: { executor: { workspace_root: "none" } } },
    status: "FAIL",
    says: "does not exist",
  },
  {
    id: "fs.workspace_exists",
    when: "it is a file",
    machine: { config: { executor: { workspace_root: "bundle.yaml" } } },
    status: "FAIL",
    says: "is not a folder",
  },
  {
    id: "fs.workspace_canonicalizes",
    when: "it does not exist",
    machine: { config: { executor: { workspace_root: "none" } } },
    status: "FAIL",
    says: "cannot be resolved (not_found)",
  },
  {
    id: "fs.workspace_canonicalizes",
    when: "it is everything",
    machine: { config: { executor: { workspace_root: "/" } } },
    status: "WARN",
    says: "the whole file system",
  },
  {
    id: "fs.workspace_canonicalizes",
    when: "the system cannot walk paths safely",
    machine: { adapters: { platform: "darwin" } },
    status: "PASS",
    says: "as well as this system allows",
  },
  {
    id: "fs.workspace_non_empty",
    when: "nobody named it",
    machine: { config: { executor: { workspace_root: null } } },
    status: "PASS",
    says: "the working directory",
  },
  {
    id: "audit.sink_writable",
    when: "the folder is missing",
    machine: { config: { audit: { sink: "stdout,file:none/audit.jsonl" } } },
    status: "FAIL",
    says: "none does not exist",
  },
  {
    id: "audit.sink_writable",
    when: "a folder is in its place",
    machine: { config: { audit: { sink: "sqlite:workspace" } } },
    status: "FAIL",
    says: "is not a regular file",
  },
  {
    id: "audit.sink_writable",
    when: "the database is read-only",
    machine: {
      files: { "audit.db": "" },
      prepare: (folder) => chmodSync(folder.at("audit.db"), 0o400),
    },
    status: "FAIL",
    says: "is read-only",
  },
  {
    id: "audit.sink_writable",
    when: "the signing key is missing",
    machine: { config: { audit: { signing_key_path: "sign.pem" } } },
    status: "FAIL",
    says: "the signing key",
  },
  {
    id: "audit.sink_writable",
    when: "actions happen unrecorded",
    machine: { config: { audit: { fail_open: true } } },
    status: "WARN",
    says: "although they cannot be recorded",
  },
  {
    id: "approvals.store_writable",
    when: "the folder is missing",
    machine: { config: { approvals: { enabled: true, store_path: "none/a.db" } } },
    status: "FAIL",
    says: "none does not exist",
  },
  {
    id: "approvals.store_writable",
    when: "it can be made",
    machine: { config: { approvals: { enabled: true } } },
    status: "PASS",
    says: "nomos-approvals.db",
  },
  {
    id: "approvals.someone_can_decide",
    when: "rules ask and approvals are off",
    machine: { bundle: rule("").replace("ALLOW", "REQUIRE_APPROVAL") },
    status: "WARN",
    says: "1 of the policy's rules want approval",
  },
  {
    id: "approvals.someone_can_decide",
    when: "there is only the command line",
    machine: { config: { approvals: { enabled: true } } },
    status: "WARN",
    says: "only the command line",
  },
  {
    id: "approvals.someone_can_decide",
    when: "there is not even a store here",
    machine: { config: { approvals: { enabled: true, store: "postgres://db/nomos" } } },
    status: "FAIL",
    says: "nobody can decide",
  },
  {
    id: "approvals.someone_can_decide",
    when: "there is a webhook",
    machine: {
      config: { approvals: { enabled: true, webhook_token: "45c48cce2e2d7fbdea1afc51c7c6ad26" } },
    },
    status: "PASS",
    says: "decided by the webhook",
  },
  {
    id: "approvals.someone_can_decide",
    when: "the only approver is the only one who asks",
    machine: { config: { approvals: { enabled: true, approver_principals: ["system"] } } },
    status: "WARN",
    says: "only the command line",
  },
  {
    id: "approvals.someone_can_decide",
    when: "the only one who asks may decide too",
    machine: {
      config: {
        approvals: { enabled: true, approver_principals: ["system"], allow_self_approval: true },
      },
    },
    status: "PASS",
    says: "decided by system",
  },
  {
    id: "gateway.port_free",
    when: "somebody listens there",
    machine: {
      request: { tryListen: () => Promise.resolve({ ok: false, reason: "another is there" }) },
    },
    status: "WARN",
    says: "cannot listen on 127.0.0.1:0: another is there",
  },
  {
    id: "executor.sandbox_available",
    when: "it does not work",
    machine: {
      adapters: {
        probeSandbox: () => Promise.resolve({ available: false, hint: "install bubblewrap" }),
      },
    },
    status: "FAIL",
    says: "the local sandbox does not work here",
  },
  {
    id: "executor.sandbox_available",
    when: "grouping processes is enough",
    machine: {
      config: { executor: { sandbox_local_fallback: "process" } },
      adapters: {
        probeSandbox: () => Promise.resolve({ available: false, hint: "install bubblewrap" }),
      },
    },
    status: "WARN",
    says: "only grouped",
  },
  {
    id: "executor.sandbox_available",
    when: "none is offered",
    machine: { config: { executor: { sandbox_profile: "none" } } },
    status: "PASS",
    says: "no sandbox is offered",
  },
  {
    id: "executor.sandbox_available",
    when: "none is offered and Nomos' own files lie in the workspace",
    machine: { config: { executor: { sandbox_profile: "none", workspace_root: "." } } },
    status: "WARN",
    says: "processes can reach bundle.yaml, nomos.json in the workspace",
  },
  {
    id: "clock.sane",
    when: "the clock was never set",
    machine: { now: 0 },
    status: "FAIL",
    says: "long past",
  },
  {
    id: "clock.sane",
    when: "the clock is far ahead",
    machine: { now: Date.UTC(2150, 0, 1) },
    status: "FAIL",
    says: "far ahead",
  },
];

describe("a check", () => {
  it.each(ROWS)("$id is $status when $when", async ({ id, machine, status, says }) => {
    const found = await finding(id, machine);
    expect(found.message).toContain(says);
    expect(found.status).toBe(status);
    if (status !== "PASS") expect(found.hint).toBeTruthy();
  });
});

const ALL = {
  container_backend_ready: true,
  rootless_or_non_privileged: true,
  read_only_fs: true,
  no_new_privileges: true,
  network_default_deny: true,
  workload_identity_verified: true,
  durable_audit_verified: true,
};

/** Claims everything, and has everything that a config can say; `null` takes out what every machine has. */
const CLAIMS = {
  gateway: { tls: { enabled: true, cert_file: "c", key_file: "c", client_ca_file: "c" } },
  runtime: { strong_guarantee: true, deployment_mode: "k8s", evidence: ALL },
  executor: { sandbox_profile: "container" },
  identity: {
    api_keys: null,
    oidc: { enabled: true, issuer: "i", audience: "a", public_key_path: "k" },
  },
};

describe("a claim of strong guarantees", () => {
  const strong = (id: string, config: unknown) =>
    finding(id, { config, files: { c: "pem" } }).then(({ status }) => status);

  it.each([
    ["strong.sandbox_container", { executor: { sandbox_profile: "local" } }],
    ["strong.controlled_runtime_mode", { runtime: { deployment_mode: "remote_dev" } }],
    ["strong.network_boundary_controlled", {
      runtime: { evidence: { network_default_deny: false } },
    }],
    ["strong.gateway_mtls", { gateway: { tls: { require_mtls: false } } }],
    ["strong.workload_identity", {
      identity: { oidc: null, service_secrets: { ci: "45c48cce2e2d7fbdea1afc51c7c6ad26" } },
    }],
    ["strong.no_shared_api_keys", { identity: { api_keys: { [KEY]: "system" } } }],
    ["strong.audit_durable", { audit: { sink: "stdout,stderr" } }],
    ["strong.environment_bound", { identity: { environment: "dev" } }],
  ])("takes %s", async (id, change) => {
    const claims = patched(CLAIMS, { gateway: { tls: { require_mtls: true } } });
    expect(await strong(id, claims)).toBe("PASS");
    expect(await strong(id, patched(claims, change))).toBe("FAIL");
  });

  it("shows what is vouched for and what is seen, and believes what is seen", async () => {
    const files = {
      "/proc/self/status": "Uid:\t0\t0\t0\t0\nNoNewPrivs:\t1\nSeccomp:\t2\n",
      "/proc/self/uid_map": "0 0 4294967295\n",
    };
    const { createAdapters } = await import("../../../../cli/adapters/mod.ts");
    const real = createAdapters().files;
    const machine: Machine = {
      config: {
        runtime: {
          strong_guarantee: true,
          deployment_mode: "k8s",
          evidence: { ...ALL, durable_audit_verified: false },
        },
      },
      adapters: {
        files: {
          ...real,
          read: (path) => {
            const text = Object.entries(files).find(([name]) => name === path)?.[1];
            if (text !== undefined) return Promise.resolve(new TextEncoder().encode(text));
            return real.read(path);
          },
        },
      },
    };
    expect(await finding("evidence.runtime.rootless_or_non_privileged", machine)).toMatchObject({
      status: "FAIL",
      message: "declared; seen from inside: the user id is 0 (root)",
    });
    expect(await finding("evidence.runtime.no_new_privileges", machine)).toMatchObject({
      status: "PASS",
      message: "declared; seen from inside: NoNewPrivs is 1",
    });
    expect(await finding("evidence.runtime.network_default_deny", machine)).toMatchObject({
      status: "PASS",
      message: "declared; it cannot be seen from inside",
    });
    expect(await finding("evidence.audit.durable_verified", machine)).toMatchObject({
      status: "FAIL",
      message: "not declared; it cannot be seen from inside",
    });
    expect(await finding("strong.assurance_evidence_backed", machine)).toMatchObject({
      status: "FAIL",
      message: "the assurance level is GUARDED",
    });
  });
});
