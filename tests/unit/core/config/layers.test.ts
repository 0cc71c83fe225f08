import { describe, expect, it } from "vitest";
import { load, loaded } from "./fixture.ts";

describe("where a value comes from", () => {
  const config = { gateway: { listen: ":1" } };
  const variables = { NOMOS_GATEWAY_LISTEN: ":2" };
  const overrides = { listen: ":3" };

  it("is the default before anything else is said", async () => {
    expect((await loaded()).config.gateway.listen).toBe(":8080");
  });

  it("is the file rather than the default", async () => {
    const { config: { gateway }, sources } = await loaded({ config });
    expect(gateway.listen).toBe(":1");
    expect(sources.of("/gateway/listen")).toEqual({ kind: "file" });
  });

  it("is the environment rather than the file", async () => {
    const { config: { gateway }, sources } = await loaded({ config, variables });
    expect(gateway.listen).toBe(":2");
    expect(sources.of("/gateway/listen")).toEqual({
      kind: "environment",
      variable: "NOMOS_GATEWAY_LISTEN",
    });
  });

  it("is the flag rather than the environment", async () => {
    const { config: { gateway }, sources } = await loaded({ config, variables, overrides });
    expect(gateway.listen).toBe(":3");
    expect(sources.of("/gateway/listen")).toEqual({ kind: "flag", flag: "--listen" });
  });

  it("is not a variable that is empty", async () => {
    const variables = { NOMOS_GATEWAY_LISTEN: "" };
    expect((await loaded({ config, variables })).config.gateway.listen).toBe(":1");
  });
});

describe("a variable", () => {
  it.each([
    ["1", true],
    ["t", true],
    ["TRUE", true],
    ["True", true],
    ["0", false],
    ["F", false],
    ["false", false],
  ])("says yes or no with %s", async (text, expected) => {
    const { config } = await loaded({ variables: { NOMOS_POLICY_EXPLAIN_SUGGESTIONS: text } });
    expect(config.policy.explain_suggestions).toBe(expected);
  });

  it.each(["", " ", "yes", "TrUe", "2"])("does not say yes or no with %j", async (text) => {
    const result = await load({ variables: { NOMOS_MCP_ENABLED: text } });
    expect(result.ok).toBe(text === "");
  });

  it.each(["abc", "1.5", "1e3", "0x10", " 1", "1 ", "9".repeat(16), "--1"])(
    "is no number as %j",
    async (text) => {
      const result = await load({ variables: { NOMOS_GATEWAY_CONCURRENCY_LIMIT: text } });
      expect(result.ok).toBe(false);
    },
  );

  it("may be a list with commas", async () => {
    const { config } = await loaded({
      config: { policy: { policy_bundle_path: null } },
      variables: {
        NOMOS_POLICY_BUNDLE_PATHS: "a.yaml, b.yaml,",
        NOMOS_POLICY_BUNDLE_ROLES: "org,repo",
        NOMOS_REDACTION_PATTERNS: "a+,b",
        NOMOS_UPSTREAM_ROUTES: "https://a.example,https://b.example",
        NOMOS_APPROVALS_APPROVER_PRINCIPALS: "alice, bob",
      },
    });
    expect(config.policy.policy_bundle_paths).toEqual(["/etc/nomos/a.yaml", "/etc/nomos/b.yaml"]);
    expect(config.policy.policy_bundle_roles).toEqual(["org", "repo"]);
    expect(config.redaction.patterns).toEqual(["a+", "b"]);
    expect(config.upstream.routes.map(({ url }) => url)).toEqual([
      "https://a.example",
      "https://b.example",
    ]);
    expect(config.approvals.approver_principals).toEqual(["alice", "bob"]);
  });

  it("reaches deep keys and those with a shorter name", async () => {
    const { config } = await loaded({
      variables: {
        NOMOS_MCP_BREAKER_FAILURE_THRESHOLD: "9",
        NOMOS_RUNTIME_EVIDENCE_ROOTLESS: "true",
        NOMOS_IDENTITY_OIDC_ISSUER: "https://issuer.example",
      },
    });
    expect(config.mcp.breaker.failure_threshold).toBe(9);
    expect(config.runtime.evidence.rootless_or_non_privileged).toBe(true);
    expect(config.identity.oidc.issuer).toBe("https://issuer.example");
  });

  it("adds an API key for the principal, and the secret of the agent", async () => {
    const { config } = await loaded({
      variables: {
        NOMOS_IDENTITY_PRINCIPAL: "ops",
        NOMOS_IDENTITY_AGENT: "robot",
        NOMOS_IDENTITY_API_KEY: "another-key",
        NOMOS_IDENTITY_AGENT_SECRET: "another-secret",
      },
    });
    expect(config.identity.api_keys).toEqual({ "dev-api-key": "system", "another-key": "ops" });
    expect(config.identity.agent_secrets).toEqual({
      nomos: "dev-agent-secret",
      robot: "another-secret",
    });
  });

  it("that sets one bundle replaces several, and the other way round", async () => {
    const several = { policy: { policy_bundle_path: null, policy_bundle_paths: ["a", "b"] } };
    const one = await loaded({
      config: several,
      variables: { NOMOS_POLICY_BUNDLE_PATH: "c.yaml" },
    });
    expect(one.config.policy).toMatchObject({
      policy_bundle_path: "/etc/nomos/c.yaml",
      policy_bundle_paths: [],
    });
    const many = await loaded({ variables: { NOMOS_POLICY_BUNDLE_PATHS: "c,d" } });
    expect(many.config.policy).not.toHaveProperty("policy_bundle_path");
    expect(many.config.policy.policy_bundle_paths).toHaveLength(2);
  });

  it.each(["store", "store_path"])("that sets approvals.%s replaces the other", async (key) => {
    const other = key === "store" ? { store_path: "b.db" } : { store: "sqlite:b.db" };
    const variable = `NOMOS_APPROVALS_${key.toUpperCase()}`;
    const { config } = await loaded({
      config: { approvals: other },
      variables: { [variable]: key === "store" ? "sqlite:a.db" : "a.db" },
    });
    const { store, store_path } = config.approvals;
    expect({ store, store_path }).toEqual(
      key === "store" ? { store: "sqlite:/etc/nomos/a.db" } : { store_path: "/etc/nomos/a.db" },
    );
  });

  it("that looks like ours and sets nothing is warned of", async () => {
    const { warnings } = await loaded({
      variables: { NOMOS_GATEWAY_LISTN: ":1", NOMOS_ELEPHANT: "x", OTHER: "y" },
    });
    expect(warnings).toEqual([
      "The variable NOMOS_ELEPHANT sets nothing",
      "The variable NOMOS_GATEWAY_LISTN sets nothing, did you mean NOMOS_GATEWAY_LISTEN?",
    ]);
  });

  it("that the config itself names is not warned of", async () => {
    const { warnings } = await loaded({
      config: {
        identity: { agent_secrets: { nomos: "env:NOMOS_MY_SECRET" } },
        executor: { env_allowlist: ["NOMOS_FOR_CHILDREN"] },
        mcp: {
          upstream_servers: [
            { name: "a", transport: "stdio", command: "x", env_allowlist: ["NOMOS_FOR_SERVER"] },
          ],
        },
      },
      variables: {
        NOMOS_MY_SECRET: "s",
        NOMOS_FOR_CHILDREN: "1",
        NOMOS_FOR_SERVER: "1",
        NOMOS_CONFIG: "c",
        NOMOS_LOG_LEVEL: "info",
      },
    });
    expect(warnings).toEqual([]);
  });
});

describe("a bundle from the command line", () => {
  it("replaces all bundles, taken from the working directory", async () => {
    const { config, sources } = await loaded({
      config: {
        policy: {
          policy_bundle_path: null,
          policy_bundle_paths: ["a", "b"],
          policy_bundle_roles: ["org", "repo"],
        },
      },
      overrides: { policyBundle: "mine.yaml" },
    });
    expect(config.policy).toMatchObject({
      policy_bundle_path: "/work/mine.yaml",
      policy_bundle_paths: [],
      policy_bundle_roles: [],
    });
    expect(sources.of("/policy/policy_bundle_path")).toMatchObject({ flag: "--policy-bundle" });
  });

  it("may come from NOMOS_POLICY_BUNDLE, which is stronger than NOMOS_POLICY_BUNDLE_PATH", async () => {
    const { config } = await loaded({
      variables: { NOMOS_POLICY_BUNDLE: "mine.yaml", NOMOS_POLICY_BUNDLE_PATH: "other.yaml" },
    });
    expect(config.policy.policy_bundle_path).toBe("/work/mine.yaml");
  });

  it("is stronger than NOMOS_POLICY_BUNDLE", async () => {
    const { config } = await loaded({
      variables: { NOMOS_POLICY_BUNDLE: "env.yaml" },
      overrides: { policyBundle: "/abs/flag.yaml" },
    });
    expect(config.policy.policy_bundle_path).toBe("/abs/flag.yaml");
  });
});
