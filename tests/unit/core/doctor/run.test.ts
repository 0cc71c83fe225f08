import { describe, expect, it } from "vitest";
import { reportText } from "../../../../core/doctor/mod.ts";
import { ask, examine, install } from "./support.ts";

/** Scripts and dashboards know checks by these names: none may change or go away. */
const ALWAYS = [
  "approvals.someone_can_decide",
  "approvals.store_writable",
  "audit.sink_writable",
  "clock.sane",
  "config.bundle_path_resolves",
  "config.environment_recognized",
  "config.features_available",
  "config.load",
  "config.path_resolves",
  "executor.sandbox_available",
  "fs.workspace_canonicalizes",
  "fs.workspace_exists",
  "fs.workspace_non_empty",
  "gateway.port_free",
  "identity.auth_mode_valid",
  "identity.environment_derivation",
  "identity.required_secrets_present",
  "identity.secrets_strength",
  "mcp.enabled",
  "mcp.stdio_structure_valid",
  "mcp.transport_configured",
  "policy.bundle_exists",
  "policy.bundle_hash",
  "policy.bundle_parses",
  "policy.deny_by_default_probe",
  "policy.exec_compatibility",
  "policy.lint",
];

const STRONG = [
  "evidence.audit.durable_verified",
  "evidence.identity.workload_identity_verified",
  "evidence.runtime.container_backend_ready",
  "evidence.runtime.network_default_deny",
  "evidence.runtime.no_new_privileges",
  "evidence.runtime.read_only_fs",
  "evidence.runtime.rootless_or_non_privileged",
  "strong.assurance_evidence_backed",
  "strong.audit_durable",
  "strong.controlled_runtime_mode",
  "strong.environment_bound",
  "strong.gateway_mtls",
  "strong.network_boundary_controlled",
  "strong.no_shared_api_keys",
  "strong.sandbox_container",
  "strong.workload_identity",
];

describe("the doctor", () => {
  it("finds a machine on which everything works ready, in every check", async () => {
    const report = await examine();
    expect(report.checks.filter(({ status }) => status !== "PASS")).toEqual([]);
    expect(report.checks.map(({ id }) => id)).toEqual(ALWAYS);
    expect(report.overall_status).toBe("READY");
  });

  it("names the policy, the assurance level and the version, in this order", async () => {
    const report = await examine();
    expect(Object.keys(report)).toEqual([
      "overall_status",
      "checks",
      "policy_bundle_hash",
      "policy_bundle_sources",
      "policy_bundle_inputs",
      "assurance_level",
      "engine_version",
    ]);
    const hash = report.policy_bundle_hash ?? "";
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(report.policy_bundle_sources?.[0]).toMatch(new RegExp(`/bundle\\.yaml#${hash}$`));
    expect(report.policy_bundle_inputs).toMatchObject([{ hash }]);
    expect(report.assurance_level).toBe("BEST_EFFORT");
    expect(report.engine_version).toBe("1.2.3");
  });

  it("asks what strong guarantees take when they are claimed", async () => {
    const report = await examine({ config: { runtime: { strong_guarantee: true } } });
    const ids = report.checks.map(({ id }) => id);
    expect(ids).toEqual([...ALWAYS, ...STRONG].sort());
  });

  it("reports a config that does not load, and every check that could not be made", async () => {
    const report = await examine({ config: '{"gatway": {}}' });
    expect(report.overall_status).toBe("NOT_READY");
    expect(report.checks.map(({ id }) => id)).toEqual(ALWAYS);
    const load = report.checks.find(({ id }) => id === "config.load");
    expect(load?.message).toContain('nomos.json:1:2: /gatway: Cannot read "gatway"');
    expect(report.checks.filter(({ status }) => status === "PASS").map(({ id }) => id)).toEqual([
      "config.path_resolves",
    ]);
    expect(report).not.toHaveProperty("policy_bundle_hash");
    expect(report.assurance_level).toBe("NONE");
  });

  it("reports a config that is not there", async () => {
    const report = await examine({ request: { path: "/no/such/nomos.json" } });
    const path = report.checks.find(({ id }) => id === "config.path_resolves");
    expect(path).toMatchObject({ status: "FAIL", message: "/no/such/nomos.json does not exist" });
  });

  it("is ready with warnings, unless it is strict", async () => {
    const config = { audit: { fail_open: true } };
    expect((await examine({ config })).overall_status).toBe("READY");
    const strict = await examine({ config, request: { strict: true } });
    expect(strict.overall_status).toBe("NOT_READY");
    expect((await examine({ request: { strict: true } })).overall_status).toBe("READY");
  });

  it("is not ready when one check fails", async () => {
    const report = await examine({ config: { identity: { environment: "moon" } } });
    expect(report.overall_status).toBe("NOT_READY");
  });

  it("says what to do wherever something does not pass", async () => {
    const bad = await examine({
      bundle: "version: v2",
      config: {
        runtime: { strong_guarantee: true },
        telemetry: { enabled: true },
        audit: { sink: "sqlite:none/audit.db" },
        executor: { workspace_root: "none" },
        identity: { environment: "moon", agent: "other" },
        mcp: { enabled: false },
      },
    });
    const silent = bad.checks.filter(({ status, hint }) => status !== "PASS" && !hint);
    expect(silent).toEqual([]);
    expect(bad.checks.filter(({ status }) => status === "FAIL").length).toBeGreaterThan(15);
  });

  it("says the same of the same machine, byte for byte, and leaves nothing behind", async () => {
    const machine = { config: { approvals: { enabled: true }, mcp: { enabled: false } } };
    const folder = install(machine);
    const before = folder.tree();
    const first = JSON.stringify(await ask(folder, machine));
    const second = JSON.stringify(await ask(folder, machine));
    expect(second).toBe(first);
    expect(folder.tree()).toEqual(before);
  });

  it("never tells a secret", async () => {
    const report = await examine({
      config: {
        identity: {
          api_keys: { "TELL-NOBODY": "system", x: "ops" },
          agent_secrets: { nomos: "TELL-NOBODY", b: "TELL-NOBODY" },
        },
        approvals: { enabled: true, webhook_token: "TELL-NOBODY" },
        audit: { sink: "webhook:https://u:TELL-NOBODY@a.example/TELL-NOBODY" },
      },
    });
    expect(JSON.stringify(report)).not.toContain("TELL-NOBODY");
  });
});

describe("a report as text", () => {
  const report = {
    overall_status: "NOT_READY" as const,
    checks: [
      { id: "a.good", status: "PASS" as const, message: "fine", hint: "nothing" },
      { id: "b.doubtful", status: "WARN" as const, message: "so so", hint: "look at it" },
      { id: "c.bad", status: "FAIL" as const, message: "broken", hint: "mend it" },
    ],
    policy_bundle_hash: "abc",
    assurance_level: "BEST_EFFORT" as const,
    engine_version: "1.2.3",
  };

  it("lines up, and hints where something does not pass", () => {
    expect(reportText(report, { color: false })).toBe([
      "PASS  a.good      fine",
      "WARN  b.doubtful  so so",
      "                  do: look at it",
      "FAIL  c.bad       broken",
      "                  do: mend it",
      "",
      "policy     abc",
      "assurance  BEST_EFFORT",
      "version    1.2.3",
      "",
      "Result: NOT_READY (1 passed, 1 warned, 1 failed)",
      "",
    ].join("\n"));
  });

  it("has colour on the statuses alone", () => {
    const colored = reportText(report, { color: true });
    expect(colored).toContain("\u001b[31mFAIL\u001b[0m  c.bad");
    // deno-lint-ignore no-control-regex -- the escape is what is taken out
    const plain = colored.replace(/\u001b\[[0-9]+m/g, "");
    expect(plain).toBe(reportText(report, { color: false }));
  });
});
