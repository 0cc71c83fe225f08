import { describe, expect, it } from "vitest";
import { listen } from "../../cli/adapters/listen.ts";
import type { Listener, RequestInfo } from "../../commands/command.ts";
import { fail } from "../../core/encoding/mod.ts";
import { refuse } from "../../core/model/mod.ts";
import { LISTENERS, ListeningGateway } from "../support/listening.ts";
import { exchange, pause, RawClient, wireRequest } from "../support/raw_client.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** A listener whose handler takes its time, and what becomes of `gone`. */
async function slowDoor(
  kind: "node" | "deno",
  takesMs: number,
): Promise<{ listener: Listener; log: string[] }> {
  const log: string[] = [];
  const listener = await listen({
    address: "127.0.0.1:0",
    kind,
    maxBodyBytes: 1_000,
    handler: async (request: Request, info: RequestInfo) => {
      const { pathname } = new URL(request.url);
      info.gone.addEventListener("abort", () => log.push(`${pathname} gone`));
      await request.arrayBuffer();
      await pause(takesMs);
      log.push(`${pathname} answered`);
      return new Response("done");
    },
  });
  return { listener, log };
}

describe.each(LISTENERS)("a client of the %s listener", (kind) => {
  it("that gets its answer was never gone, however long it took", async () => {
    for (const takesMs of [0, 120]) {
      const { listener, log } = await slowDoor(kind, takesMs);
      await using client = await RawClient.open(listener.port);
      client.send(GET);
      await client.until(() => client.text.endsWith("done"), 3_000);
      client.send(GET.replace("GET /", "GET /again"));
      await client.until(() => log.length === 2, 3_000);
      await client[Symbol.asyncDispose]();
      await pause(150);
      expect(log).toEqual(["/ answered", "/again answered"]);
      await listener.close(0);
    }
  });

  it("that goes away while it waits is gone at once", async () => {
    const { listener, log } = await slowDoor(kind, 1_000);
    await using client = await RawClient.open(listener.port);
    client.send(GET);
    await pause(150);
    client.cut();
    await expect.poll(() => log).toEqual(["/ gone"]);
    await expect.poll(() => log, { timeout: 3_000 }).toEqual(["/ gone", "/ answered"]);
    await listener.close(0);
  });

  it("that closes politely while it waits is gone, too", async () => {
    const { listener, log } = await slowDoor(kind, 1_000);
    await using client = await RawClient.open(listener.port);
    client.send(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody`);
    await pause(150);
    await client[Symbol.asyncDispose]();
    await expect.poll(() => log).toEqual(["/ gone"]);
    await listener.close(0);
  });

  it("that goes away at once is noticed as soon as it matters", async () => {
    const { listener, log } = await slowDoor(kind, 400);
    await using client = await RawClient.open(listener.port);
    client.send(GET);
    await pause(5);
    client.cut();
    await expect.poll(() => log, { timeout: 3_000 }).toContain("/ gone");
    await listener.close(0);
  });

  it("is nobody else's business", async () => {
    const { listener, log } = await slowDoor(kind, 300);
    await using leaver = await RawClient.open(listener.port);
    await using stayer = await RawClient.open(listener.port);
    leaver.send(GET.replace("GET /", "GET /leaver"));
    stayer.send(GET.replace("GET /", "GET /stayer"));
    await pause(100);
    leaver.cut();
    await stayer.until(() => stayer.text.endsWith("done"), 3_000);
    await expect.poll(() => [...log].sort()).toEqual([
      "/leaver answered",
      "/leaver gone",
      "/stayer answered",
    ]);
    await listener.close(0);
  });
});

describe.each(LISTENERS)("an action over the %s listener", (kind) => {
  it("is cancelled when its client goes away, and is on record", async () => {
    let reached = false;
    let cancelled = false;
    await using door = await ListeningGateway.open(kind, {
      rules: [{
        id: "fetch",
        action_type: "net.http_request",
        resource: "url://api.example.com/**",
        decision: "ALLOW",
        obligations: { net_allowlist: ["api.example.com"] },
      }],
      adapters: (real) => ({
        ...real,
        resolver: { resolve: () => Promise.resolve(["93.184.216.34"]) },
        http: {
          send: ({ signal }) => {
            reached = true;
            return new Promise((resolve) => {
              signal.addEventListener("abort", () => {
                cancelled = true;
                resolve(fail(refuse("upstream_error", "Cannot fetch: the caller went away")));
              });
            });
          },
        },
      }),
    });
    const body = actionDocument({
      action_id: "act_gone",
      action_type: "net.http_request",
      resource: "url://api.example.com/slow",
    });
    await using client = await RawClient.open(door.port);
    client.send(wireRequest("POST /action HTTP/1.1", {
      ...signedHeaders(body),
      "content-length": String(body.length),
    }, body));
    await expect.poll(() => reached, { timeout: 3_000 }).toBe(true);
    await pause(60);
    expect(cancelled).toBe(false);
    client.cut();
    await expect.poll(() => cancelled, { timeout: 3_000 }).toBe(true);
    const completed = { actionId: "act_gone", eventType: "action.completed" };
    await expect.poll(() => door.gateway.events(completed), { timeout: 3_000 }).toHaveLength(1);
  });
});

describe.each(LISTENERS)("a stream on the %s listener", (kind) => {
  it("is sent as it comes, and cancelled when its reader leaves", async () => {
    let cancelled = false;
    const listener = await listen({
      address: "127.0.0.1:0",
      kind,
      maxBodyBytes: 1_000,
      handler: () => {
        let timer: ReturnType<typeof setInterval>;
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            let count = 0;
            timer = setInterval(() => {
              controller.enqueue(new TextEncoder().encode(`data: ${count++}\n\n`));
            }, 20);
          },
          cancel() {
            cancelled = true;
            clearInterval(timer);
          },
        });
        return new Response(stream, { headers: { "content-type": "text/event-stream" } });
      },
    });
    await using client = await RawClient.open(listener.port);
    client.send(GET);
    expect(await client.until(() => client.text.includes("data: 3\n\n"), 3_000)).toBe(true);
    expect(cancelled).toBe(false);
    client.cut();
    await expect.poll(() => cancelled, { timeout: 3_000 }).toBe(true);
    await listener.close(0);
  });

  it("ends when it ends", async () => {
    const listener = await listen({
      address: "127.0.0.1:0",
      kind,
      maxBodyBytes: 1_000,
      handler: () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode("data: only\n\n"));
              controller.close();
            },
          }),
          { headers: { "content-type": "text/event-stream" } },
        ),
    });
    const request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    const { text, closed } = await exchange(listener.port, request);
    await listener.close(0);
    expect(text).toContain("data: only\n\n");
    expect(closed).toBe(true);
  });
});
