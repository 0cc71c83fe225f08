import { describe, expect, it } from "vitest";
import { assess } from "../../../../core/config/mod.ts";
import { loaded } from "./fixture.ts";

const ALL = {
  container_backend_ready: true,
  rootless_or_non_privileged: true,
  read_only_fs: true,
  no_new_privileges: true,
  network_default_deny: true,
  workload_identity_verified: true,
  durable_audit_verified: true,
};

async function level(runtime: unknown, input: Parameters<typeof assess>[1] = {}) {
  const { config } = await loaded({ config: { runtime } });
  return assess(config, input).level;
}

describe("the assurance level", () => {
  it.each(["ci", "k8s"])("in %s is STRONG with everything, else GUARDED", async (mode) => {
    const strong = { deployment_mode: mode, strong_guarantee: true, evidence: ALL };
    expect(await level(strong)).toBe("STRONG");
    expect(await level({ ...strong, strong_guarantee: false })).toBe("GUARDED");
    for (const name of Object.keys(ALL)) {
      expect(await level({ ...strong, evidence: { ...ALL, [name]: false } })).toBe("GUARDED");
    }
  });

  it.each(["remote_dev", "unmanaged"])("in %s is BEST_EFFORT whatever is claimed", async (mode) => {
    const claims = { deployment_mode: mode, strong_guarantee: true, evidence: ALL };
    expect(await level(claims)).toBe("BEST_EFFORT");
  });

  it("counts evidence that a probe contradicts as missing, and says so", async () => {
    const runtime = { deployment_mode: "k8s", strong_guarantee: true, evidence: ALL };
    const { config } = await loaded({ config: { runtime } });
    const probes = {
      no_new_privileges: { holds: false, detail: "NoNewPrivs is 0" },
      read_only_fs: { holds: true, detail: "/ is mounted read-only" },
    };
    const assurance = assess(config, { probes });
    expect(assurance.level).toBe("GUARDED");
    expect(assurance.notes).toEqual(["no_new_privileges is declared, but NoNewPrivs is 0"]);
    expect(assurance.evidence.filter(({ counts }) => !counts).map(({ name }) => name)).toEqual([
      "no_new_privileges",
    ]);
  });

  it("does not count what a probe sees and nobody declared", async () => {
    const runtime = {
      deployment_mode: "ci",
      strong_guarantee: true,
      evidence: { ...ALL, read_only_fs: false },
    };
    const probes = { read_only_fs: { holds: true, detail: "/ is mounted read-only" } };
    expect(await level(runtime, { probes })).toBe("GUARDED");
  });

  it("is BEST_EFFORT where the local sandbox is process-level confinement only", async () => {
    const { config } = await loaded({
      config: {
        runtime: { deployment_mode: "ci" },
        executor: { sandbox_profile: "local", sandbox_local_fallback: "process" },
      },
    });
    expect(assess(config, { localFallback: true }).level).toBe("BEST_EFFORT");
    expect(assess(config, { localFallback: false }).level).toBe("GUARDED");
  });

  it("tells of the host's network without changing the level", async () => {
    const { config } = await loaded({ config: { executor: { sandbox_network: "host" } } });
    const assurance = assess(config);
    expect(assurance.notes).toEqual(["sandboxed processes may use the host's network"]);
    expect(assurance.level).toBe("BEST_EFFORT");
  });
});
