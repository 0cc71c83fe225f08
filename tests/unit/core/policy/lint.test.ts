import { describe, expect, it } from "vitest";
import { lintRules } from "../../../../core/policy/mod.ts";
import { bundleOf, NOW, type RuleText } from "./support.ts";

async function lint(rule: RuleText) {
  return lintRules((await bundleOf([rule])).rules, NOW);
}

const codesOf = async (rule: RuleText) => (await lint(rule)).map(({ code }) => code);

describe("a resource that nothing can have", () => {
  it.each([
    ["fs.read", "*"],
    ["fs.read", "README.md"],
    ["fs.read", "/etc/passwd"],
    ["fs.read", "file://workspace"],
    ["fs.read", "file://workspace/dir/"],
    ["fs.read", "file://workspace//a"],
    ["fs.read", "file://workspace/a/../b"],
    ["fs.read", "file://workspace/./a"],
    ["fs.read", "file://etc/passwd"],
    ["fs.read", "file://workspace/a%20b"],
    ["fs.read", "url://example.com/**"],
    ["net.http_request", "https://example.com/**"],
    ["net.http_request", "url://example.com"],
    ["payments.refund", "file://workspace/**"],
    ["secrets.checkout", "secret://prod/team/token"],
    ["repo.apply_patch", "repo://acme/site/main"],
    ["process.exec", "file://workspace/src"],
    ["mcp.call", "tool://server/a"],
    ["*", "**/../secrets"],
  ])("%s on %s", async (action_type, resource) => {
    const decision = "DENY";
    const [finding] = await lint({ action_type, resource, decision });
    expect(finding).toMatchObject({ code: "never_matches", severity: "error", rule: "rule-0" });
    expect(finding?.message).toMatch(/^never matches anything: ./);
  });

  it.each([
    ["fs.read", "**"],
    ["fs.read", "**/.env"],
    ["fs.read", "file://workspace/"],
    ["fs.read", "file:///a"],
    ["fs.read", "FILE://Workspace/**"],
    ["fs.read", "file://workspace/**/*.ts"],
    ["fs.read", "file://**"],
    ["net.http_request", "url://**"],
    ["net.http_request", "url://*.example.com/**"],
    ["net.http_request", "url://example.com/"],
    ["payments.refund", "payment://shop/**"],
    ["secrets.checkout", "secret://prod/*"],
    ["repo.apply_patch", "repo://acme/*"],
    ["repo.apply_patch", "file://workspace/src/**"],
    ["process.exec", "file://workspace/"],
    ["process.exec", "file://workspace/**"],
    ["mcp.call", "mcp://server/*"],
    ["*", "anything://**"],
  ])("is not %s on %s", async (action_type, resource) => {
    expect(await codesOf({ action_type, resource, decision: "DENY" })).toEqual([]);
  });
});

describe("a rule that hardly means what it says", () => {
  const exec = { action_type: "process.exec", resource: "file://workspace/" };
  const net = { action_type: "net.http_request", resource: "url://example.com/**" };

  it.each<[string, RuleText, string[]]>([
    ["commands without limit", exec, ["exec_without_limit"]],
    ["commands without limit, approved", { ...exec, decision: "REQUIRE_APPROVAL" }, [
      "exec_without_limit",
    ]],
    ["any command", { ...exec, exec_match: { argv_patterns: [["**"]] } }, ["exec_any_command"]],
    ["limited commands", { ...exec, exec_match: { argv_patterns: [["git", "**"]] } }, []],
    ["legacy prefixes", { ...exec, obligations: { exec_allowlist: [["git"]] } }, [
      "legacy_exec_allowlist",
    ]],
    ["a deny without limit", { ...exec, decision: "DENY" }, []],
    ["a deny that one argument evades", {
      ...exec,
      decision: "DENY",
      exec_match: { argv_patterns: [["git", "push"]] },
    }, ["narrow_exec_deny"]],
    ["a deny of everything that begins so", {
      ...exec,
      decision: "DENY",
      exec_match: { argv_patterns: [["git", "push"], ["git", "push", "**"]] },
    }, []],
    ["an expired rule", { expires_at: "2025-12-31T00:00:00Z" }, ["expired"]],
    ["a rule that expires now", { expires_at: "2026-01-01T00:00:00Z" }, ["expired"]],
    ["a rule that will expire", { expires_at: "2026-01-02T00:00:00Z" }, []],
    ["everything allowed", { action_type: "*", resource: "**" }, ["broad_allow"]],
    ["everything denied", { action_type: "*", resource: "**", decision: "DENY" }, []],
    ["everything approved", { action_type: "*", resource: "**", decision: "REQUIRE_APPROVAL" }, []],
    ["requests without hosts", net, ["network_without_hosts"]],
    ["requests to no host", { ...net, obligations: { net_allowlist: [] } }, [
      "network_without_hosts",
    ]],
    ["requests to hosts", { ...net, obligations: { net_allowlist: ["example.com"] } }, []],
    ["a loose pattern", { params_match: { "a.b": { matches: "abc" } } }, ["unanchored_pattern"]],
    ["a half anchored pattern", { params_match: { a: { matches: "^abc" } } }, [
      "unanchored_pattern",
    ]],
    ["an anchored pattern", { params_match: { a: { matches: "(?i)^abc$" } } }, []],
    [
      "a loose pattern that denies",
      { decision: "DENY", params_match: { a: { matches: "abc" } } },
      [],
    ],
    [
      "an unknown kind of content",
      { obligations: { mcp_allowed_content_block_kinds: ["texts"] } },
      [
        "unknown_content_kind",
      ],
    ],
    ["obligations on a deny", { decision: "DENY", obligations: { timeout_ms: 5 } }, [
      "idle_obligation",
    ]],
    ["notes on a deny", { decision: "DENY", obligations: { x_ticket: "OPS-1" } }, []],
  ])("%s", async (_, rule, codes) => {
    expect(await codesOf(rule)).toEqual(codes);
  });

  it("is named with its place, and only warned of", async () => {
    const [finding] = await lint({ id: "old", expires_at: "2025-12-31T00:00:00Z" });
    expect(finding).toMatchObject({
      rule: "old",
      severity: "warning",
      file: "policy.json",
      position: { line: 1 },
      message:
        "has been as if absent since 2025-12-31T00:00:00.000Z: remove it, or renew expires_at",
    });
  });
});
