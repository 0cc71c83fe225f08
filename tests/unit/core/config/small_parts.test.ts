import { describe, expect, it } from "vitest";
import { bundleFiles, splitAddress, splitSinks } from "../../../../core/config/mod.ts";
import { upstreamBreaker, upstreamTimeouts } from "../../../../core/config/mod.ts";
import { isLoopback } from "../../../../core/config/mod.ts";
import { nearest } from "../../../../core/encoding/mod.ts";
import { loaded } from "./fixture.ts";

describe("an address", () => {
  it.each([
    [":8080", "", 8080],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["LocalHost:80", "localhost", 80],
    ["[::1]:443", "[::1]", 443],
    ["[0:0::1]:1", "[::1]", 1],
    ["example.com.:65535", "example.com", 65535],
  ])("is %s", (text, host, port) => {
    expect(splitAddress(text)).toEqual({ host, port });
  });

  it.each([
    "",
    "8080",
    "localhost",
    ":",
    ":x",
    ":65536",
    ":-1",
    "::1:80",
    "a b:1",
    "a:1:2",
    "a:1 ",
  ])(
    "is not %j",
    (text) => {
      expect(splitAddress(text)).toBeUndefined();
    },
  );

  it("of the loopback is known in all its spellings", () => {
    const hosts = ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"];
    expect(hosts.filter(isLoopback)).toEqual(hosts);
    expect(["", "0.0.0.0", "[::]", "example.com", "128.0.0.1"].filter(isLoopback)).toEqual([]);
  });
});

describe("sinks", () => {
  it("are split at commas, with their paths and URLs", () => {
    const sinks = splitSinks(" stdout ,file:a.jsonl,,sqlite://b.db,webhook:https://c,postgres://d");
    expect(sinks.map(({ kind, target }) => [kind, target])).toEqual([
      ["stdout", ""],
      ["file", "a.jsonl"],
      ["sqlite", "b.db"],
      ["webhook", "https://c"],
      ["postgres", "postgres://d"],
    ]);
  });

  it("of unknown kinds have none", () => {
    const kinds = splitSinks("kafka:x,stdout:x,Stdout").map(({ kind }) => kind);
    expect(kinds).toEqual([undefined, undefined, undefined]);
  });
});

describe("the nearest word", () => {
  const known = ["listen", "transport", "tls", "concurrency_limit"];
  it.each([
    ["listn", "listen"],
    ["lisetn", "listen"],
    ["LISTEN", "listen"],
    ["concurency_limit", "concurrency_limit"],
    ["concurrencyLimit", "concurrency_limit"],
    ["tsl", "tls"],
    ["elephant", undefined],
    ["x".repeat(1000), undefined],
  ])("to %s is %s", (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});

describe("bundles", () => {
  it("come in order, each with its role and signature", async () => {
    const { config } = await loaded({
      config: {
        policy: {
          policy_bundle_path: null,
          policy_bundle_paths: ["a", "b"],
          policy_bundle_roles: ["org", "repo"],
          verify_signatures: true,
          public_key_path: "k",
          signature_paths: ["a.sig", "b.sig"],
        },
      },
    });
    expect(bundleFiles(config)).toEqual([
      { path: "/etc/nomos/a", role: "org", signaturePath: "/etc/nomos/a.sig" },
      { path: "/etc/nomos/b", role: "repo", signaturePath: "/etc/nomos/b.sig" },
    ]);
  });

  it("have no signature where none is verified", async () => {
    const { config } = await loaded({ config: { policy: { signature_path: "a.sig" } } });
    expect(bundleFiles(config)).toEqual([{ path: "/etc/nomos/bundle.yaml" }]);
  });
});

describe("an upstream server", () => {
  it("has the common limits where it has none of its own", async () => {
    const { config } = await loaded({
      config: {
        mcp: {
          timeouts: { call_timeout_ms: 7 },
          breaker: { failure_threshold: 2 },
          upstream_servers: [{
            name: "a",
            transport: "stdio",
            command: "x",
            timeouts: { stream_timeout_ms: 9 },
            breaker: { enabled: false },
          }],
        },
      },
    });
    const server = config.mcp.upstream_servers[0];
    if (server === undefined) throw new Error("no server");
    expect(upstreamTimeouts(config, server)).toEqual({
      initialize_timeout_ms: 5000,
      enumerate_timeout_ms: 5000,
      call_timeout_ms: 7,
      stream_timeout_ms: 9,
    });
    expect(upstreamBreaker(config, server)).toEqual({
      enabled: false,
      failure_threshold: 2,
      failure_window_ms: 60_000,
      open_timeout_ms: 30_000,
    });
  });
});
