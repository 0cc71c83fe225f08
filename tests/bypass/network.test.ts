import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ok } from "../../core/encoding/mod.ts";
import type { HttpClient, Resolver, WireResponse } from "../../core/ports/mod.ts";
import { actionDocument } from "../support/signed_request.ts";
import type { Answer } from "../support/gateway.ts";
import { Installation, outcomeOf } from "./installation.ts";
import { type RowOf, rowsOf } from "./rows.ts";
import { type SeenRequest, WireServer } from "./wire_server.ts";

const PUBLIC = "93.184.216.34";
const EMPTY: WireResponse = { status: 200, headers: [], body: new Uint8Array(), cut: false };

function redirection(location: string): WireResponse {
  return { ...EMPTY, status: 302, headers: [["location", location]] };
}

/** A client that connects to nothing and answers `/start` as it is told. */
class ScriptedClient implements HttpClient {
  start: WireResponse = EMPTY;

  send(request: Parameters<HttpClient["send"]>[0]): ReturnType<HttpClient["send"]> {
    return Promise.resolve(ok(request.target === "/start" ? this.start : EMPTY));
  }
}

/** A resolver that knows the names of one attempt, and counts. */
class ScriptedResolver implements Resolver {
  readonly asked: string[] = [];
  first: readonly string[] | undefined;
  then: readonly string[] | undefined;

  resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    const isAddress = /^[0-9.]+$/.test(host) || host.includes(":");
    const known = this.asked.length > 1 ? this.then ?? this.first : this.first;
    return Promise.resolve(known ?? (isAddress ? [host] : [PUBLIC]));
  }
}

function request(
  id: string,
  resource: string,
  params: Readonly<Record<string, unknown>> = {},
): string {
  return actionDocument({
    action_id: id,
    trace_id: id,
    action_type: "net.http_request",
    resource,
    params,
  });
}

describe("an address", () => {
  const resolver = new ScriptedResolver();
  const http = new ScriptedClient();
  let installation: Installation;

  beforeAll(async () => {
    const hosts = [...rowsOf("address").map((row) => row.host), "allowed.test"];
    http.start = redirection("/again");
    installation = await Installation.open({
      adapters: () => ({ resolver, http }),
      // Rules name every host, so that only the address is left to hold.
      rules: [{
        id: "allow-attempts",
        action_type: "net.http_request",
        resource: "url://*/start",
        decision: "ALLOW",
        obligations: { net_allowlist: hosts, http_redirects: true },
      }, {
        id: "allow-second",
        action_type: "net.http_request",
        resource: "url://*/again",
        decision: "ALLOW",
        obligations: { net_allowlist: hosts, http_redirects: true },
      }],
    });
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  it.each(rowsOf("address"))("is refused: $id, $why", async (row) => {
    resolver.asked.length = 0;
    installation.sent.length = 0;
    resolver.first = row.resolves;
    resolver.then = row.then;
    const answer = await installation.gateway.post(
      "/action",
      request(row.id, `url://${row.host}/start`),
    );
    expect(outcomeOf(answer)).toBe(row.expect);
    // One look-up for each request, and nothing is sent but to what was checked.
    expect(resolver.asked).toHaveLength(row.then === undefined ? 1 : 2);
    const reached = installation.sent.map((sent) => sent.addresses);
    expect(reached).toEqual(row.then === undefined ? [] : [row.resolves]);
  });

  it("that is public is looked up once, and nothing else is connected to", async () => {
    resolver.asked.length = 0;
    installation.sent.length = 0;
    resolver.first = [PUBLIC];
    resolver.then = ["127.0.0.1"];
    const answer = await installation.gateway.post(
      "/action",
      request("a", "url://mixed.test/again"),
    );
    expect(outcomeOf(answer)).toBe("ALLOW allow_by_rule");
    expect(resolver.asked).toEqual(["mixed.test"]);
    expect(installation.sent.map((sent) => sent.addresses)).toEqual([[PUBLIC]]);
  });

  it.each(rowsOf("wire"))("$id: $why", async (row) => {
    installation.sent.length = 0;
    resolver.first = undefined;
    resolver.then = undefined;
    const answer = await installation.gateway.post("/action", request(row.id, row.resource));
    expect(outcomeOf(answer)).toBe("ALLOW allow_by_rule");
    expect(installation.sent.map((sent) => sent.target)).toEqual([row.expect]);
  });

  it.each(rowsOf("redirect").filter((row) => row.params.scheme === "https"))(
    "$id: leads $why",
    async (row) => {
      installation.sent.length = 0;
      resolver.first = undefined;
      http.start = redirection(row.location);
      const body = request(row.id, "url://allowed.test/start", { ...row.params });
      const answer = await installation.gateway.post("/action", body);
      expect(outcomeOf(answer)).toBe(row.expect);
      expect(installation.sent.map((sent) => sent.target)).toEqual(["/start"]);
    },
  );
});

describe("a redirect", () => {
  let self: WireServer;
  let other: WireServer;
  let trap: WireServer;
  let installation: Installation;
  let start = "";

  function answer({ target }: SeenRequest): string {
    const to = new URL(target, "http://x/").searchParams.get("to");
    if (target.startsWith("/start")) return start;
    return to === null
      ? "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\narrived"
      : responseOf(302, to);
  }

  beforeAll(async () => {
    self = await WireServer.open(answer);
    other = await WireServer.open(answer);
    trap = await WireServer.open(answer);
    const net_allowlist = [`http://${self.host}`, `http://${other.host}`];
    const allowed = (id: string, host: string, list: readonly string[]) => ({
      id,
      action_type: "net.http_request",
      resource: `url://${host}/**`,
      decision: "ALLOW",
      obligations: { net_allowlist: list, http_redirects: true },
    });
    installation = await Installation.open({
      privateNetworks: ["127.0.0.0/8"],
      rules: [
        allowed("allow-self", self.host, net_allowlist),
        allowed("allow-other", other.host, net_allowlist),
        allowed("allow-private", "10.9.8.7", ["http://10.9.8.7"]),
      ],
    });
  });

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    for (const server of [self, other, trap]) await server[Symbol.asyncDispose]();
  });

  /** Servers by name; `{self}` is an origin, `{self:<form>}` another spelling of it. */
  function filled(location: string): string {
    const servers: Readonly<Record<string, WireServer>> = { self, other, trap };
    return location.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name: string, form?: string) => {
      const server = servers[name];
      if (server === undefined) return whole;
      const origin = `http://${server.host}`;
      switch (form) {
        case undefined:
          return origin;
        case "host":
          return server.host;
        case "number":
          return `http://2130706433:${server.port}`;
        case "mapped":
          return `http://[::ffff:127.0.0.1]:${server.port}`;
        case "localhost":
          return `http://localhost:${server.port}`;
        default:
          return encodeURIComponent(`${origin}/${form === "admin" ? "admin/users" : form}`);
      }
    });
  }

  async function follow(row: RowOf<"redirect">): Promise<Answer> {
    for (const server of [self, other, trap]) server.forget();
    installation.sent.length = 0;
    start = responseOf(row.status, filled(row.location.replace("{here}", "{self}/start")));
    const body = request(row.id, `url://${self.host}/start`, { scheme: "http", ...row.params });
    return await installation.gateway.post("/action", body);
  }

  const overHttp = rowsOf("redirect").filter((row) => row.params.scheme === undefined);

  it.each(overHttp.filter((row) => row.expect !== "dropped"))(
    "is not followed: $id, $why",
    async (row) => {
      expect(outcomeOf(await follow(row))).toBe(row.expect);
      const seen = [...self.requests, ...other.requests];
      expect(seen.map((one) => one.target).filter((target) => /admin\b/.test(pathOf(target))))
        .toEqual([]);
      expect(trap.connections).toBe(0);
      const hosts = installation.sent.map((sent) => `${sent.host}:${sent.port}`);
      expect(hosts.filter((host) => host !== self.host && host !== other.host)).toEqual([]);
      expect(installation.sent).toHaveLength(seen.length);
      if (!/hop|here/.test(row.location)) expect(seen).toHaveLength(1);
    },
  );

  it.each(overHttp.filter((row) => row.expect === "dropped"))(
    "does not take along what it has no right to: $id, $why",
    async (row) => {
      expect(outcomeOf(await follow(row))).toBe("ALLOW allow_by_rule");
      const sent = [...self.requests, ...other.requests].filter(({ target }) =>
        target !== "/start"
      );
      expect(sent.length).toBeGreaterThan(0);
      for (const { headers, body } of sent) {
        for (const name of row.drops ?? []) {
          if (name === "body") expect(body).toBe("");
          else expect(headers.has(name), name).toBe(false);
        }
        expect([...headers.values()].join()).not.toContain("planted");
      }
      const [first] = self.requests;
      const wanted = (row.drops ?? []).filter((name) => name !== "body");
      expect(wanted.filter((name) => !first?.headers.has(name)), "sent at first").toEqual([]);
    },
  );
});

function responseOf(status: number, location: string): string {
  return `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
}

function pathOf(target: string): string {
  return decodeURIComponent(target.split("?", 1)[0] ?? "").toLowerCase();
}
