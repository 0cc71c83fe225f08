import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestGateway } from "../support/gateway.ts";

const SECRET = "planted-deploy-token-0123456789";

/** Requests the local server got, as method and path. */
const seen: string[] = [];
let server: Server;
let port = 0;
let gateway: TestGateway;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === "/moved") response.writeHead(302, { location: "/admin/users" }).end();
    else if (request.url === "/hop") response.writeHead(302, { location: "/data?x=1" }).end();
    else response.end(`hello from ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port; // a TCP server has a port
  gateway = await TestGateway.open({
    files: { "a.txt": "one\ntwo\n", "b.txt": "three\n", "closed/c.txt": "four\n" },
    rules: rules(),
    config: {
      executor: { allow_private_networks: ["127.0.0.0/8"] },
      credentials: {
        enabled: true,
        secrets: [{ id: "deploy", env_key: "DEPLOY_TOKEN", value: SECRET, ttl_seconds: 60 }],
      },
    },
  });
  execFileSync("git", ["init", "-q", gateway.folder.at("workspace")]);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  server.close();
});

function rules(): readonly unknown[] {
  const workspace = "file://workspace/**";
  const exec = { action_type: "process.exec", resource: "file://workspace/" };
  return [
    { id: "read", action_type: "fs.read", resource: workspace, decision: "ALLOW" },
    { id: "patch", action_type: "repo.apply_patch", resource: workspace, decision: "ALLOW" },
    {
      id: "closed",
      action_type: "fs.write",
      resource: "file://workspace/closed/**",
      decision: "DENY",
    },
    {
      id: "git",
      ...exec,
      decision: "ALLOW",
      exec_match: { argv_patterns: [["git", "status", "**"]] },
    },
    {
      id: "no-push",
      ...exec,
      decision: "DENY",
      exec_match: { argv_patterns: [["git", "push", "**"]] },
    },
    {
      id: "print",
      ...exec,
      decision: "ALLOW",
      exec_match: { argv_patterns: [["sh", "-c", "*"]] },
    },
    {
      id: "http",
      action_type: "net.http_request",
      resource: `url://127.0.0.1:${port}/**`,
      decision: "ALLOW",
      obligations: { net_allowlist: [`http://127.0.0.1:${port}`], http_redirects: true },
    },
    {
      id: "no-admin",
      action_type: "net.http_request",
      resource: `url://127.0.0.1:${port}/admin/**`,
      decision: "DENY",
    },
    {
      id: "lease",
      action_type: "secrets.checkout",
      resource: "secret://vault/deploy",
      decision: "ALLOW",
    },
  ];
}

const exec = (argv: readonly string[], more: object = {}) =>
  gateway.act({
    action_type: "process.exec",
    resource: "file://workspace/",
    params: { argv, ...more },
  });

const get = (path: string) =>
  gateway.act({
    action_type: "net.http_request",
    resource: `url://127.0.0.1:${port}${path}`,
    params: { scheme: "http" },
  });

const TWO_FILES = `--- a/a.txt
+++ b/a.txt
@@ -1,2 +1,2 @@
-one
+eins
 two
--- a/b.txt
+++ b/b.txt
@@ -1 +1 @@
-three
+drei
`;

describe("over HTTP, on real input", () => {
  it("git status runs", async () => {
    const answer = await exec(["git", "status", "--short"]);
    expect(answer.body).toMatchObject({ decision: "ALLOW", exit_code: 0 });
    expect(answer.body.stdout).toContain("?? a.txt");
  });

  it("git push is denied", async () => {
    const answer = await exec(["git", "push", "origin", "main"]);
    expect(answer.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
  });

  it("a patch of two files applies", async () => {
    const answer = await gateway.act({
      action_type: "repo.apply_patch",
      resource: "file://workspace/a.txt",
      params: { patch: TWO_FILES },
    });
    expect(answer.body).toMatchObject({ decision: "ALLOW" });
    expect(gateway.folder.read("workspace/a.txt")).toBe("eins\ntwo\n");
    expect(gateway.folder.read("workspace/b.txt")).toBe("drei\n");
  });

  it("a patch with one denied path changes nothing", async () => {
    const before = gateway.folder.tree("workspace");
    const patch = TWO_FILES.replaceAll("one", "eins").replaceAll("eins\n+eins", "eins\n+uno") +
      "--- a/closed/c.txt\n+++ b/closed/c.txt\n@@ -1 +1 @@\n-four\n+vier\n";
    const answer = await gateway.act({
      action_type: "repo.apply_patch",
      resource: "file://workspace/a.txt",
      params: { patch },
    });
    expect(answer.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
    expect(gateway.folder.tree("workspace")).toEqual(before);
  });

  it("an allowed URL on a local server answers", async () => {
    const answer = await get("/data");
    expect(answer.body).toMatchObject({
      decision: "ALLOW",
      status_code: 200,
      output: "hello from /data",
    });
  });

  it("a redirect to an allowed path is followed", async () => {
    const answer = await get("/hop");
    expect(answer.body).toMatchObject({ status_code: 200, output: "hello from /data?x=1" });
    const completed = (await gateway.events()).findLast((event) =>
      event["event_type"] === "action.completed"
    );
    expect(completed?.["executor_metadata"]).toMatchObject({
      status_code: 200,
      redirect_hops: 1,
      final_resource: `url://127.0.0.1:${port}/data`,
    });
  });

  it("a redirect to a denied path is refused, and never requested", async () => {
    seen.length = 0;
    const answer = await get("/moved");
    expect(answer.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
    expect(seen).toEqual(["GET /moved"]);
  });

  it("a secret that a child prints comes back as [REDACTED], however it is written", async () => {
    const lease = await gateway.act({
      action_type: "secrets.checkout",
      resource: "secret://vault/deploy",
      params: { secret_id: "deploy" },
      trace_id: "trace_secret",
    });
    expect(lease.body.credential_lease_id).toMatch(/^lease_[0-9a-f]{24}$/);
    expect(lease.text).not.toContain(SECRET);
    const script =
      'echo "plain $DEPLOY_TOKEN"; printf %s "$DEPLOY_TOKEN" | base64; printf %s "$DEPLOY_TOKEN" | od -An -tx1 | tr -d " \\n" >&2';
    const answer = await gateway.act({
      action_type: "process.exec",
      resource: "file://workspace/",
      trace_id: "trace_secret",
      params: {
        argv: ["sh", "-c", script],
        env_allowlist_keys: ["DEPLOY_TOKEN", "PATH"],
        credential_lease_ids: [lease.body.credential_lease_id],
      },
    });
    expect(answer.body, answer.text).toMatchObject({ decision: "ALLOW", exit_code: 0 });
    expect(answer.body.stdout).toBe("plain [REDACTED]\n[REDACTED]\n");
    expect(answer.body.stderr).toBe("[REDACTED]");
    const onRecord = JSON.stringify(await gateway.events());
    expect(onRecord).not.toContain(SECRET);
    expect(onRecord).not.toContain(btoa(SECRET));
  });

  it("another trace cannot use the lease", async () => {
    const lease = await gateway.act({
      action_type: "secrets.checkout",
      resource: "secret://vault/deploy",
      params: { secret_id: "deploy" },
      trace_id: "trace_one",
    });
    const answer = await gateway.act({
      action_type: "process.exec",
      resource: "file://workspace/",
      trace_id: "trace_two",
      params: {
        argv: ["sh", "-c", "echo $DEPLOY_TOKEN"],
        env_allowlist_keys: ["DEPLOY_TOKEN"],
        credential_lease_ids: [lease.body.credential_lease_id],
      },
    });
    expect(answer.body).toMatchObject({ decision: "DENY", reason: "credentials_unavailable" });
  });
});
