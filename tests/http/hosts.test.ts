import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  allowedHosts,
  type HttpEnv,
  judgeHosts,
  SECURITY_HEADERS,
  securityHeaders,
} from "../../core/http/mod.ts";
import { expectError, readAnswer, TestGateway } from "../support/gateway.ts";
import { actionDocument } from "../support/signed_request.ts";

const ALLOWED = ["localhost", "127.0.0.1", "[::1]", "nomos.example.com", "fixed.example.com:8443"];

interface Case {
  readonly host?: string;
  readonly origin?: string;
  readonly allowed: boolean;
}

const CASES: readonly Case[] = [
  { host: "localhost", allowed: true },
  { host: "localhost:8080", allowed: true },
  { host: "LOCALHOST:8080", allowed: true },
  { host: "127.0.0.1:8080", allowed: true },
  { host: "[::1]:8080", allowed: true },
  { host: "[::1]", allowed: true },
  { host: "nomos.example.com", allowed: true },
  { host: "fixed.example.com:8443", allowed: true },
  { host: "fixed.example.com:8444", allowed: false },
  { host: "fixed.example.com", allowed: false },
  { host: "evil.example.com", allowed: false },
  { host: "localhost.evil.example.com", allowed: false },
  { host: "localhost:8080.evil.example.com", allowed: false },
  { host: "evil.example.com:localhost", allowed: false },
  { host: "127.0.0.2", allowed: false },
  { host: "127.1", allowed: false },
  { host: "localhost.", allowed: false },
  { host: "::1", allowed: false },
  { host: "", allowed: false },
  { allowed: false },
  { host: "localhost", origin: "http://localhost:8080", allowed: true },
  { host: "localhost", origin: "https://nomos.example.com", allowed: true },
  { host: "localhost", origin: "http://[::1]:8080", allowed: true },
  { host: "localhost", origin: "http://evil.example.com", allowed: false },
  { host: "localhost", origin: "null", allowed: false },
  { host: "localhost", origin: "", allowed: false },
  { host: "localhost", origin: "file://localhost", allowed: false },
  { host: "localhost", origin: "http://localhost@evil.example.com", allowed: false },
  { host: "localhost", origin: "http://evil.example.com#localhost", allowed: false },
  { host: "localhost", origin: "http://localhost/path", allowed: false },
  { host: "localhost", origin: "chrome-extension://localhost", allowed: false },
  { host: "evil.example.com", origin: "http://localhost", allowed: false },
];

function headersOf({ host, origin }: Case): Record<string, string> {
  return {
    ...(host === undefined ? {} : { host }),
    ...(origin === undefined ? {} : { origin }),
  };
}

describe("the hosts a browser may come by", () => {
  const judge = judgeHosts(ALLOWED);

  it.each(CASES)("host $host, origin $origin: $allowed", (one) => {
    const request = new Request("http://localhost/ui", { headers: headersOf(one) });
    const refusal = judge(request);
    if (one.allowed) expect(refusal).toBeUndefined();
    else expect(refusal?.code).toBe("forbidden");
  });

  it("keep a handler from being called", async () => {
    let called = 0;
    const app = new Hono<HttpEnv>();
    app.use("*", securityHeaders("data"), allowedHosts(ALLOWED));
    app.get("/data", () => {
      called++;
      return new Response("data");
    });
    const get = async (host: string) => {
      const response = await app.fetch(new Request("http://localhost/data", { headers: { host } }));
      return await readAnswer(response);
    };
    const refused = await get("evil.example.com");
    expect(refused.status).toBe(403);
    expectError(refused, "forbidden");
    expect(called).toBe(0);
    expect((await get("localhost:1")).text).toBe("data");
    expect(called).toBe(1);
  });
});

describe("the routes of the operator's page", () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await TestGateway.open({
      config: { gateway: { listen: "nomos.internal:8080" } },
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  it.each(["/ui", "/ui/app.js", "/api/ui/approvals", "/api/ui/approvals/decide"])(
    "take the loopback names and the listen host only: %s",
    async (path) => {
      for (const host of ["localhost:8080", "127.0.0.1", "[::1]:8080", "nomos.internal:8080"]) {
        expect((await gateway.fetch(path, { headers: { host } })).status).toBe(404);
      }
      const answer = await gateway.fetch(path, { headers: { host: "rebound.example.com" } });
      expect(answer.status).toBe(403);
      expectError(answer, "forbidden");
    },
  );

  it.each([
    { path: "/ui", kind: "page" as const },
    { path: "/ui/app.js", kind: "page" as const },
    { path: "/api/ui/approvals", kind: "data" as const },
  ])("carry security headers, refusals too: $path", async ({ path, kind }) => {
    for (const host of ["localhost", "rebound.example.com"]) {
      const { headers } = await gateway.fetch(path, { headers: { host } });
      for (const [name, value] of Object.entries(SECURITY_HEADERS[kind])) {
        expect(headers.get(name)).toBe(value);
      }
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe-inline");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe(kind === "data" ? "no-store" : null);
    }
  });

  it("are the only ones that ask for the name: agents come by any", async () => {
    const answer = await gateway.post("/action", actionDocument(), { host: "gateway.k8s.local" });
    expect(answer.status).toBe(200);
  });
});

describe("a Host header that is not a host", () => {
  it.each([
    "evil/healthz?x=",
    "evil.example.com/action",
    "a b",
    "user@host",
    "host:port",
    "host:8080:8080",
    "[::1",
    "-",
    "host\\path",
    "host#fragment",
    "host?query",
  ])("is refused wherever its URL would lead: %s", async (host) => {
    await using gateway = await TestGateway.open();
    for (const path of ["/healthz", "/version"]) {
      const answer = await gateway.fetch(path, { headers: { host } });
      expect(answer.status).toBe(400);
      expectError(answer, "validation_error");
    }
    expect((await gateway.post("/action", actionDocument(), { host })).status).toBe(400);
  });
});
