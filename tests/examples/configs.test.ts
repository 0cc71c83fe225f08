import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { configuredBasis } from "../../commands/configured_basis.ts";
import { loadConfig, unbuiltFeatures } from "../../core/config/mod.ts";
import { EXAMPLES, listExamples } from "./support/examples.ts";

/** What each configuration is there to show, as keys that it must set. */
const SHOWS: Readonly<Record<string, (config: Loaded) => unknown>> = {
  "configs/approvals.json": ({ approvals }) => approvals.enabled,
  "configs/ci.json": ({ runtime }) => runtime.deployment_mode === "ci",
  "configs/full.jsonc": ({ policy }) => policy.policy_bundle_path,
  "configs/layered.json": ({ policy }) => policy.policy_bundle_roles.length === 5,
  "configs/minimal.json": ({ identity }) => identity.principal,
  "configs/rate-limits.json": ({ rate_limits }) => rate_limits.enabled,
  "configs/sandbox.json": ({ executor }) => executor.sandbox_profile === "local",
  "configs/stateless.json": ({ runtime }) => runtime.stateless_mode,
  "configs/tls.json": ({ gateway }) => gateway.tls.require_mtls,
  "quickstart/config.json": ({ audit }) => audit.sink.startsWith("sqlite:"),
};

type Loaded = Extract<Awaited<ReturnType<typeof load>>, { ok: true }>["value"]["config"];

const ADAPTERS = createAdapters();
/** What a shell happens to set must not decide whether an example loads. */
const NO_ENVIRONMENT = { get: () => undefined, names: () => [] };

function load(path: string): ReturnType<typeof loadConfig> {
  return loadConfig({
    files: ADAPTERS.files,
    environment: NO_ENVIRONMENT,
    path: join(EXAMPLES, path),
  });
}

describe("the configurations of the examples", () => {
  it("are all here", () => {
    const found = [...listExamples("configs", /\.jsonc?$/), "quickstart/config.json"];
    expect(Object.keys(SHOWS)).toEqual(found.sort());
  });

  it.each(Object.entries(SHOWS))("%s loads and shows what it is for", async (path, shows) => {
    const loaded = await load(path);
    expect(loaded.ok ? [] : loaded.reason).toEqual([]);
    if (loaded.ok) expect(shows(loaded.value.config)).toBeTruthy();
  });

  it.each(Object.keys(SHOWS))("%s decides by bundles that load", async (path) => {
    const context = {
      adapters: { ...ADAPTERS, environment: NO_ENVIRONMENT },
      terminal: UNUSED_TERMINAL,
      stop: new AbortController().signal,
      openLog: () => Promise.reject(new Error("no log")),
      listen: () => Promise.reject(new Error("examples do not listen")),
    };
    const basis = await configuredBasis(context, join(EXAMPLES, path), []);
    expect(basis.policy.provenance.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("configs/full.jsonc sets every key to its default", async () => {
    const full = await load("configs/full.jsonc");
    const minimal = await load("configs/minimal.json");
    if (!full.ok || !minimal.ok) throw new Error("one of them does not load");
    const { $schema: _, ...config } = full.value.config;
    const { $schema: __, ...wanted } = minimal.value.config;
    const { executor } = config;
    expect(config).toEqual({ ...wanted, executor });
    expect(executor).toEqual({ ...wanted.executor, workspace_root: ADAPTERS.files.cwd });
  });

  it("ask for nothing that is not built yet, but where they say so", async () => {
    for (const path of Object.keys(SHOWS)) {
      const loaded = await load(path);
      const asked = loaded.ok ? unbuiltFeatures(loaded.value.config) : [];
      const wanted = path === "configs/stateless.json" ? ["/audit/sink"] : [];
      expect(asked.map(({ pointer }) => pointer)).toEqual(wanted);
    }
  });

  it("hold no secret that is not plainly a demonstration", async () => {
    for (const path of Object.keys(SHOWS)) {
      const loaded = await load(path);
      if (!loaded.ok) continue;
      const { identity, credentials } = loaded.value.config;
      const secrets = [
        ...Object.keys(identity.api_keys),
        ...Object.values(identity.agent_secrets),
        ...Object.values(identity.service_secrets),
        ...credentials.secrets.map(({ value }) => value ?? ""),
      ];
      for (const secret of secrets) expect(secret).toMatch(/demo/);
    }
  });
});

const UNUSED_TERMINAL = {
  out() {},
  err() {},
  color: false,
  interactive: false,
  readStdin: () => Promise.resolve(new Uint8Array()),
  async *stdin() {},
};
