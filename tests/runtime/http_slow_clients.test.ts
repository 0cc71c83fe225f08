import { describe, expect, it } from "vitest";
import { listenNode, NODE_LIMITS } from "../../cli/adapters/listen_node.ts";
import { LISTENERS, ListeningGateway } from "../support/listening.ts";
import { exchange, pause, RawClient, wireRequest } from "../support/raw_client.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";

const BODY = actionDocument();
const LETTERS = [..."a header that comes one letter at a time, and never to its end"];

function head(headers: Readonly<Record<string, string>>): string {
  return wireRequest("POST /action HTTP/1.1", { ...signedHeaders(BODY), ...headers });
}

// Side by side: most of the time passes waiting.
describe.concurrent("slow clients", () => {
  it("have the limits that are published", () => {
    expect(NODE_LIMITS).toEqual({
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 60_000,
      maxHeaderSize: 16_384,
      connectionsCheckingInterval: 500,
    });
  });

  it("are cut when they say nothing", async () => {
    await using door = await ListeningGateway.open("node");
    const { closed, ms } = await exchange(door.port, "", 8_000);
    expect(closed).toBe(true);
    expect(ms).toBeGreaterThan(4_500);
    expect(ms).toBeLessThan(6_500);
  });

  it("are cut when their header comes letter by letter", async () => {
    await using door = await ListeningGateway.open("node");
    await using client = await RawClient.open(door.port);
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    await client.trickle(LETTERS, 200);
    const { closed, ms, text } = await client.ended(0);
    expect(closed).toBe(true);
    expect(ms).toBeGreaterThan(4_500);
    expect(ms).toBeLessThan(6_500);
    expect(text).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it("are cut when the header of a later request comes letter by letter", async () => {
    await using door = await ListeningGateway.open("node");
    await using client = await RawClient.open(door.port);
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await client.until(() => client.text.endsWith("ok"), 2_000);
    await pause(300);
    client.send("GET /healthz HTTP/1.1\r\nX-Slow: ");
    await client.trickle(LETTERS, 200);
    expect(client.closed).toBe(true);
  });

  it.each(LISTENERS)("are refused after 5 s when their body stalls, %s", async (kind) => {
    await using door = await ListeningGateway.open(kind);
    await using client = await RawClient.open(door.port);
    const began = performance.now();
    client.send(head({ "content-length": String(BODY.length) }) + BODY.slice(0, 10));
    await client.until(() => client.text.includes("error"), 8_000);
    const ms = performance.now() - began;
    expect(ms).toBeGreaterThan(4_500);
    expect(ms).toBeLessThan(6_500);
    expect(client.text).toMatch(/^HTTP\/1\.1 400 /);
    expect(client.text).toContain("took longer than 5000 ms");
    if (kind === "node") expect((await client.ended(3_000)).closed).toBe(true);
  });

  it.each(LISTENERS)("are refused after 5 s when their body trickles, %s", async (kind) => {
    await using door = await ListeningGateway.open(kind);
    await using client = await RawClient.open(door.port);
    const began = performance.now();
    client.send(head({ "transfer-encoding": "chunked" }));
    void client.trickle(LETTERS.map((letter) => `1\r\n${letter}\r\n`), 150);
    await client.until(() => client.text.includes("error"), 8_000);
    expect(performance.now() - began).toBeLessThan(6_500);
    expect(client.text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(LISTENERS)("hold nobody else up, %s", async (kind) => {
    await using door = await ListeningGateway.open(kind, {
      config: { gateway: { concurrency_limit: 1 } },
    });
    const clients: RawClient[] = [];
    for (let i = 0; i < 20; i++) {
      const client = await RawClient.open(door.port);
      client.send(head({ "content-length": String(BODY.length) }) + BODY.slice(0, i));
      clients.push(client);
    }
    const request = head({ "content-length": String(BODY.length), connection: "close" }) + BODY;
    const { text } = await exchange(door.port, request);
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});

describe.concurrent("limits of node:http", () => {
  it("are 16 KiB for request line and headers", async () => {
    await using door = await ListeningGateway.open("node");
    const get = (path: string, headers: string) =>
      exchange(door.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`);
    expect((await get("/healthz", `A: ${"a".repeat(16_000)}\r\n`)).text).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    const tooLong = [
      await get("/healthz", `A: ${"a".repeat(16_384)}\r\n`),
      await get("/healthz", "A: aaaaaaaaaa\r\n".repeat(1_900)),
      await get(`/${"a".repeat(16_384)}`, ""),
    ];
    for (const { text, closed } of tooLong) {
      expect(text).toMatch(/^HTTP\/1\.1 431 /);
      expect(closed).toBe(true);
    }
  });

  const options = {
    address: "127.0.0.1:0",
    kind: "node" as const,
    maxBodyBytes: 65_536,
    handler: () =>
      new Response("x".repeat(30_000_000), { headers: { "content-type": "text/plain" } }),
  };
  const here = { host: "127.0.0.1", port: 0 };

  it("close a connection that waits too long for its next request", async () => {
    const handler = () => new Response("fine");
    const limits = { ...NODE_LIMITS, keepAliveTimeout: 400 };
    const listener = await listenNode({ ...options, handler }, here, limits);
    await using client = await RawClient.open(listener.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const { text, closed, ms } = await client.ended(5_000);
    await listener.close(0);
    expect(text).toContain("fine");
    expect(closed).toBe(true);
    expect(ms).toBeGreaterThan(350);
  });

  it("cut a client that does not read its answer", async () => {
    const limits = { ...NODE_LIMITS, keepAliveTimeout: 400 };
    const listener = await listenNode(options, here, limits);
    await using client = await RawClient.open(listener.port);
    client.deaf();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await pause(2_500);
    const before = client.text.length;
    client.listen();
    const { closed } = await client.ended(3_000);
    await listener.close(0);
    expect(closed).toBe(true);
    expect(before).toBe(0);
    expect(client.text.length).toBeLessThan(30_000_000);
  });
});
