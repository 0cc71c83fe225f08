import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { load, loaded, MINIMAL } from "./fixture.ts";

interface BadConfig {
  readonly name: string;
  readonly config?: unknown;
  readonly variables?: Record<string, string>;
  readonly files?: Record<string, string>;
  /** Part of the message by pointer; there must be no other problem. */
  readonly problems: Record<string, string>;
}

const BAD: BadConfig[] = readFileSync("tests/vectors/config_bad.jsonl", "utf8").trim().split("\n")
  .map((line) => JSON.parse(line));

describe("a config is refused because of", () => {
  it.each(BAD)("$name", async (given) => {
    const result = await load(given);
    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.reason;
    const messages = Object.fromEntries(problems.map(({ pointer, message }) => [pointer, message]));
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(given.problems).toSorted());
    expect(problems.length).toBe(Object.keys(given.problems).length);
    for (const [pointer, part] of Object.entries(given.problems)) {
      expect(messages[pointer]).toContain(part);
    }
  });

  it("a file that is not there", async () => {
    const { loadConfig } = await import("../../../../core/config/mod.ts");
    const { environmentOf, memoryFiles } = await import("./fixture.ts");
    const result = await loadConfig({
      files: memoryFiles({}),
      environment: environmentOf(),
      path: "nomos.json",
    });
    expect(result).toEqual({
      ok: false,
      reason: [{
        pointer: "",
        message: "Cannot read the config: there is no such file, expected a config file",
        file: "nomos.json",
      }],
    });
  });
});

describe("a problem", () => {
  it("says where it stands in the file", async () => {
    const result = await load({ config: '{\n  "gateway": {\n    "listn": ":1"\n  }\n}' });
    const problems = result.ok ? [] : result.reason;
    expect(problems.find(({ pointer }) => pointer === "/gateway/listn")).toMatchObject({
      file: "/etc/nomos/config.json",
      position: { line: 3, column: 5 },
    });
  });

  it("of a missing member stands at the object that lacks it", async () => {
    const result = await load({ config: { identity: { principal: null } } });
    const problems = result.ok ? [] : result.reason;
    expect(problems).toMatchObject([{ pointer: "/identity/principal", position: { line: 5 } }]);
  });

  it("of a variable has no place in the file", async () => {
    const result = await load({ variables: { NOMOS_GATEWAY_CONCURRENCY_LIMIT: "0" } });
    const problems = result.ok ? [] : result.reason;
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toHaveProperty("file");
    expect(problems[0]).not.toHaveProperty("position");
  });

  it("never repeats a secret", async () => {
    const secret = "hunter2hunter2";
    const result = await load({
      config: {
        identity: { api_keys: { [secret]: 7 }, agent_secrets: { nomos: [secret] } },
        approvals: { enabled: true, webhook_token: { [secret]: secret } },
        credentials: { enabled: true, secrets: [{ id: "a", env_key: "A", value: [secret] }] },
      },
    });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

describe("a config", () => {
  it("takes an empty text for not set", async () => {
    const { config } = await loaded({
      config: {
        gateway: { tls: { cert_file: "" }, listen: "" },
        executor: { workspace_root: "", sandbox_profile: "" },
        approvals: { store_path: "", slack_token: "" },
        identity: { oidc: { issuer: "", audience: "", public_key_path: "" } },
      },
    });
    expect(config.gateway.listen).toBe(":8080");
    expect(config.gateway.tls).not.toHaveProperty("cert_file");
    expect(config.executor.workspace_root).toBe("/work");
    expect(config.approvals.store_path).toBe("/etc/nomos/nomos-approvals.db");
    expect(config.identity.oidc).toEqual({ enabled: false });
  });

  it("keeps empty texts that mean something", async () => {
    const { config } = await loaded({
      config: {
        mcp: {
          upstream_servers: [
            { name: "a", transport: "stdio", command: "x", args: [""], env: { EMPTY: "" } },
          ],
        },
      },
    });
    expect(config.mcp.upstream_servers[0]).toMatchObject({ args: [""], env: { EMPTY: "" } });
  });

  it("is frozen at every level", async () => {
    const { config } = await loaded();
    const thawed: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [name, member] of Object.entries(value)) visit(member, `${path}/${name}`);
    };
    visit(config, "");
    expect(thawed).toEqual([]);
  });

  it("may name its schema", async () => {
    await loaded({ config: { $schema: "./config.v1.json" } });
  });

  it("may be YAML, or JSON with comments", async () => {
    const { loadConfig } = await import("../../../../core/config/mod.ts");
    const { environmentOf, memoryFiles } = await import("./fixture.ts");
    const files = memoryFiles({
      "/work/c.yaml":
        "policy: {policy_bundle_path: b.yaml}\nidentity:\n  principal: p\n  agent: a\n" +
        "  environment: dev\n  api_keys: {k: p}\n  agent_secrets: {a: s}\n",
      "/work/c.jsonc": `// mine\n${JSON.stringify(MINIMAL)}`,
    });
    for (const path of ["c.yaml", "c.jsonc"]) {
      const result = await loadConfig({ files, environment: environmentOf(), path });
      expect(result.ok).toBe(true);
    }
  });

  it("turns rate limits on when there is a rule, unless they are off in so many words", async () => {
    const rules = {
      global_tool: [{ id: "a", action_type: "fs.read", burst: 1, refill_per_minute: 1 }],
    };
    const on = await loaded({ config: { rate_limits: rules } });
    const off = await loaded({ config: { rate_limits: { ...rules, enabled: false } } });
    const none = await loaded();
    expect(on.config.rate_limits.enabled).toBe(true);
    expect(off.config.rate_limits.enabled).toBe(false);
    expect(none.config.rate_limits.enabled).toBe(false);
  });

  it("takes a plain URL for a route", async () => {
    const { config } = await loaded({
      config: { upstream: { routes: ["https://a.example", { url: "https://b.example" }] } },
    });
    expect(config.upstream.routes).toEqual([
      { url: "https://a.example", methods: [] },
      { url: "https://b.example", methods: [] },
    ]);
  });

  it("knows tool pins under their earlier place too", async () => {
    const { config } = await loaded({
      config: { upstream: { tool_pins: { file: "pins.json", mode: "strict" } } },
    });
    expect(config.mcp.tool_pins).toEqual({ file: "/etc/nomos/pins.json", mode: "strict" });
  });

  it("offers a local sandbox when it is enabled and nothing else is said", async () => {
    const { config } = await loaded({ config: { executor: { sandbox_enabled: true } } });
    expect(config.executor.sandbox_profile).toBe("local");
  });

  it("has no audit spool in stateless mode", async () => {
    const { config } = await loaded({ config: { runtime: { stateless_mode: true } } });
    expect(config.audit.spool_path).toBeUndefined();
  });
});
