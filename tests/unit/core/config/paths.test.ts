import { describe, expect, it } from "vitest";
import { protectedPaths } from "../../../../core/config/mod.ts";
import { loaded } from "./fixture.ts";

const FILES = {
  "/etc/nomos/c.pem": "",
  "/etc/nomos/k.pem": "",
  "/etc/nomos/ca.pem": "",
  "/etc/nomos/w/": "",
};

/** Everything that is a path, written relative. */
const EVERYWHERE = {
  gateway: {
    tls: { enabled: true, cert_file: "c.pem", key_file: "./k.pem", client_ca_file: "x/../ca.pem" },
  },
  policy: {
    policy_bundle_path: null,
    policy_bundle_paths: ["a.yaml", "/abs/b.yaml"],
    verify_signatures: true,
    signature_paths: ["a.sig", "b.sig"],
    public_key_path: "pub.pem",
    opa: { policy_path: "rego", binary_path: "bin/opa" },
  },
  executor: { workspace_root: "../work" },
  audit: {
    sink: "stdout,sqlite:audit.db,sqlite://two.db,sqlite:///abs/three.db,file:log.jsonl," +
      "webhook:https://a.example/x",
    spool_path: "spool.db",
    signing_key_path: "sign.pem",
  },
  approvals: { store: "sqlite:approvals.db" },
  identity: { oidc: { public_key_path: "oidc.pem" } },
  mcp: {
    tool_pins: { file: "pins.json" },
    upstream_servers: [
      { name: "a", transport: "stdio", command: "bin/server", workdir: "w" },
      { name: "b", transport: "stdio", command: "npx" },
      {
        name: "c",
        transport: "streamable_http",
        endpoint: "https://c.example",
        tls_ca_file: "ca.pem",
        tls_cert_file: "c.pem",
        tls_key_file: "k.pem",
      },
    ],
  },
};

describe("paths", () => {
  it("are taken from the folder of the config file", async () => {
    const { config } = await loaded({ config: EVERYWHERE, files: FILES });
    expect(config.gateway.tls).toMatchObject({
      cert_file: "/etc/nomos/c.pem",
      key_file: "/etc/nomos/k.pem",
      client_ca_file: "/etc/nomos/ca.pem",
    });
    expect(config.policy).toMatchObject({
      policy_bundle_paths: ["/etc/nomos/a.yaml", "/abs/b.yaml"],
      signature_paths: ["/etc/nomos/a.sig", "/etc/nomos/b.sig"],
      public_key_path: "/etc/nomos/pub.pem",
      opa: { policy_path: "/etc/nomos/rego", binary_path: "bin/opa" },
    });
    expect(config.executor.workspace_root).toBe("/etc/work");
    expect(config.audit).toMatchObject({
      sink: "stdout,sqlite:/etc/nomos/audit.db,sqlite:/etc/nomos/two.db,sqlite:/abs/three.db," +
        "file:/etc/nomos/log.jsonl,webhook:https://a.example/x",
      spool_path: "/etc/nomos/spool.db",
      signing_key_path: "/etc/nomos/sign.pem",
    });
    expect(config.approvals.store).toBe("sqlite:/etc/nomos/approvals.db");
    expect(config.identity.oidc.public_key_path).toBe("/etc/nomos/oidc.pem");
    expect(config.mcp.tool_pins.file).toBe("/etc/nomos/pins.json");
    expect(config.mcp.upstream_servers).toMatchObject([
      { command: "/etc/nomos/bin/server", workdir: "/etc/nomos/w" },
      { command: "npx" },
      {
        tls_ca_file: "/etc/nomos/ca.pem",
        tls_cert_file: "/etc/nomos/c.pem",
        tls_key_file: "/etc/nomos/k.pem",
      },
    ]);
  });

  it("are the same in the environment", async () => {
    const { config } = await loaded({
      variables: { NOMOS_POLICY_BUNDLE_PATH: "p.yaml", NOMOS_AUDIT_SINK: "sqlite:a.db" },
    });
    expect(config.policy.policy_bundle_path).toBe("/etc/nomos/p.yaml");
    expect(config.audit.sink).toBe("sqlite:/etc/nomos/a.db");
  });
});

describe("protected paths", () => {
  it("are all files that Nomos itself uses, with what databases keep beside them", async () => {
    const all = await loaded({
      config: { ...EVERYWHERE, approvals: { store: "sqlite:approvals.db", enabled: true } },
      files: { ...FILES, "/run/secret": "s" },
      variables: { NOMOS_IDENTITY_AGENT_SECRET: "file:/run/secret" },
    });
    const paths = protectedPaths(all, ["/work/record.jsonl"]);
    expect(paths).toEqual(paths.toSorted());
    expect(paths).toEqual([...new Set(paths)]);
    const database = (path: string) =>
      ["", "-wal", "-shm", "-journal", ".lock"].map((sibling) => path + sibling);
    expect(new Set(paths)).toEqual(
      new Set([
        "/etc/nomos/config.json",
        "/run/secret",
        "/work/record.jsonl",
        "/etc/nomos/a.yaml",
        "/abs/b.yaml",
        "/etc/nomos/a.sig",
        "/etc/nomos/b.sig",
        "/etc/nomos/pub.pem",
        "/etc/nomos/rego",
        "/etc/nomos/c.pem",
        "/etc/nomos/k.pem",
        "/etc/nomos/ca.pem",
        "/etc/nomos/oidc.pem",
        "/etc/nomos/sign.pem",
        "/etc/nomos/pins.json",
        "/etc/nomos/log.jsonl",
        "/etc/nomos/log.jsonl.lock",
        ...database("/etc/nomos/audit.db"),
        ...database("/etc/nomos/two.db"),
        ...database("/abs/three.db"),
        ...database("/etc/nomos/spool.db"),
        ...database("/etc/nomos/approvals.db"),
      ]),
    );
  });
});
