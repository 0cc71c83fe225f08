import { beforeAll, describe, expect, it } from "vitest";
import type { DecisionBasis } from "../../core/engine/snapshot.ts";
import { decide, loadBundles } from "./support/examples.ts";

let safe: DecisionBasis;
beforeAll(async () => {
  safe = await loadBundles(["policies/safe.yaml"]);
});

function verdict(action: Parameters<typeof decide>[0]): string {
  const decided = decide(action, safe);
  return decided.ok ? decided.value.decision : decided.reason.code;
}

const SECRET_FILES = [
  ".env",
  ".ENV",
  ".env.local",
  ".env.production.local",
  ".envrc",
  ".env~",
  "prod.env",
  "packages/api/.env",
  "server.pem",
  "certs/server.PEM",
  "tls/site.key",
  "tls/SITE.KEY",
  "putty.ppk",
  "store.p12",
  "store.pfx",
  "store.jks",
  "release.keystore",
  "vault.kdbx",
  "id_rsa",
  "deploy/id_ed25519",
  "id_ecdsa.bak",
  ".ssh/config",
  "home/.ssh/known_hosts",
  ".aws/credentials",
  ".azure/accessTokens.json",
  ".config/gcloud/application_default_credentials.json",
  ".kube/config",
  ".docker/config.json",
  ".gnupg/private-keys-v1.d/x",
  ".npmrc",
  ".pypirc",
  ".netrc",
  "_netrc",
  ".pgpass",
  ".git-credentials",
  ".vault-token",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  "credentials.json",
  "service-account.json",
  "gcp/service_account_prod.json",
  "secrets.json",
  "deploy/secrets.yaml",
  "deploy/secrets.yml",
  "terraform.tfstate",
  "terraform.tfstate.backup",
  "prod.tfvars",
  ".git/config",
  "vendor/lib/.git/config",
];

describe("the safe bundle keeps secrets out of reach", () => {
  it.each(SECRET_FILES)("nobody reads, writes or patches %s", (path) => {
    const resource = `file://workspace/${path}`;
    expect(verdict({ action_type: "fs.read", resource })).toBe("DENY");
    expect(verdict({ action_type: "fs.write", resource, params: { content: "" } })).toBe("DENY");
    const patch = { path, content: "" };
    expect(verdict({ action_type: "repo.apply_patch", resource, params: patch })).toBe("DENY");
  });

  it("also when the path is written another way", () => {
    for (const path of ["/.env", "a//.env", "%2eenv", "sub\\.env", "A/.env/"]) {
      const resource = `file://workspace/${path}`;
      expect(verdict({ action_type: "fs.read", resource })).not.toBe("ALLOW");
    }
  });

  it("also when one file of a larger patch is a secret", () => {
    const file = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`;
    const patch = `${file("README.md")}${file("app/.env")}`;
    const resource = "file://workspace/README.md";
    expect(verdict({ action_type: "repo.apply_patch", resource, params: { patch } })).toBe("DENY");
  });
});

describe("the safe bundle keeps git from running what the agent wrote", () => {
  const PATHS = [
    ".git/hooks/pre-commit",
    ".git/config",
    ".git/info/attributes",
    ".git",
    "sub/.git/hooks/post-checkout",
    "sub/.git",
    "HEAD",
  ];
  it.each(PATHS)("nobody writes %s", (path) => {
    const resource = `file://workspace/${path}`;
    const params = { content: "x" };
    expect(verdict({ action_type: "fs.write", resource, params })).toBe("DENY");
  });

  const COMMANDS: readonly (readonly string[])[] = [
    ["git", "push"],
    ["git", "push", "--force", "origin", "main"],
    ["git", "-c", "core.pager=sh", "status"],
    ["git", "-c", "alias.status=!sh", "status"],
    ["git", "-C", "/etc", "status"],
    ["git", "--exec-path=/tmp", "status"],
    ["git", "--exec-path", "/tmp", "status"],
    ["git", "--git-dir=/tmp/x", "status"],
    ["git", "--config-env=core.pager=X", "log"],
    ["git", "diff", "--output=/etc/passwd"],
    ["git", "diff", "--ext-diff"],
    ["git", "diff", "--no-index", "/etc/passwd", "/dev/null"],
    // Two paths of which one lies outside of the work tree: git then compares any two files.
    ["git", "diff", "--", ".env", "/dev/null"],
    ["git", "diff", "--cached"],
    ["git", "show", "HEAD:.env"],
    ["git", "cat-file", "-p", "HEAD:.env"],
    ["git", "log", "-p"],
    ["git", "log", "--oneline", "--output=x"],
    ["git", "grep", "password"],
    ["git", "config", "core.hooksPath", "hooks"],
    ["git", "remote", "set-url", "origin", "https://elsewhere.example"],
    ["git", "fetch", "--upload-pack=sh", "origin"],
    ["git", "clone", "ext::sh -c x"],
    ["git", "submodule", "update", "--init"],
    ["git", "archive", "--exec=sh", "HEAD"],
    ["git", "rebase", "--exec", "sh", "HEAD~1"],
    ["git", "commit", "--amend", "--no-edit"],
    ["git", "status", "--short", "extra"],
    ["/usr/bin/git", "status"],
    ["./git", "status"],
    ["GIT", "status"],
    ["sh", "-c", "git status"],
    ["env", "git", "status"],
    ["git"],
  ];
  it.each(COMMANDS.map((argv) => [argv.join(" "), argv] as const))("denies %s", (_, argv) => {
    const resource = "file://workspace/";
    expect(verdict({ action_type: "process.exec", resource, params: { argv: [...argv] } }))
      .toBe("DENY");
  });

  it("denies git in another folder, which may be a repository of the agent's own making", () => {
    for (const cwd of ["x", "sub/dir", "."]) {
      const params = { argv: ["git", "status"], cwd };
      const resource = "file://workspace/";
      expect(verdict({ action_type: "process.exec", resource, params })).toBe("DENY");
    }
  });

  it("asks a person before anything is staged or committed", () => {
    for (const argv of [["git", "add", "--", "."], ["git", "commit", "-m", "Work"]]) {
      const resource = "file://workspace/";
      expect(verdict({ action_type: "process.exec", resource, params: { argv } }))
        .toBe("REQUIRE_APPROVAL");
    }
  });
});

describe("the safe bundle lets an agent work", () => {
  const FILES = [
    "README.md",
    "src/main.ts",
    "src/environment.ts",
    "src/env/config.ts",
    "src/keys.ts",
    "src/credentials.ts",
    "src/id_map.ts",
    ".gitignore",
    ".github/workflows/ci.yml",
    "docs/secrets.md",
    "docker/Dockerfile",
    "src/HEAD.ts",
    "gcloud/main.tf",
  ];
  it.each(FILES)("it reads and writes %s", (path) => {
    const resource = `file://workspace/${path}`;
    expect(verdict({ action_type: "fs.read", resource })).toBe("ALLOW");
    expect(verdict({ action_type: "fs.write", resource, params: { content: "" } })).toBe("ALLOW");
  });

  const COMMANDS = [
    ["git", "status"],
    ["git", "diff"],
    ["git", "log", "--oneline", "-n", "5"],
    ["git", "branch", "--show-current"],
  ];
  it.each(COMMANDS.map((argv) => [argv.join(" "), argv] as const))("it runs %s", (_, argv) => {
    const resource = "file://workspace/";
    expect(verdict({ action_type: "process.exec", resource, params: { argv } })).toBe("ALLOW");
  });

  const OTHERS = [
    { action_type: "net.http_request", resource: "url://example.com/" },
    { action_type: "secrets.checkout", resource: "secret://h/s", params: { secret_id: "s" } },
    { action_type: "payments.refund", resource: "payment://shop/1" },
  ];
  it.each(OTHERS)("and nothing else: $action_type", (action) => {
    expect(verdict(action)).toBe("DENY");
  });
});
