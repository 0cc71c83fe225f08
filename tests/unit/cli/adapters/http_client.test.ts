import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { httpClient } from "../../../../cli/adapters/http_client.ts";
import type { WireRequest } from "../../../../core/ports/mod.ts";

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers the first request of each connection with what it is told; tells what it got. */
async function serve(answer: (socket: Socket) => void, host = "127.0.0.1") {
  const got: string[] = [];
  const server = createServer((socket) => {
    let head = "";
    let answered = false;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      head += bytes.toString("latin1");
      if (answered || !head.includes("\r\n\r\n")) return;
      answered = true;
      got.push(head);
      answer(socket);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as AddressInfo).port, got }; // a TCP server has a port
}

function requestTo(port: number, more: Partial<WireRequest> = {}): WireRequest {
  return {
    scheme: "http",
    host: "127.0.0.1",
    port,
    addresses: ["127.0.0.1"],
    method: "GET",
    target: "/",
    headers: [],
    timeoutMs: 2_000,
    keepBytes: 1_000,
    signal: new AbortController().signal,
    ...more,
  };
}

/** Sends one request to a server that writes these pieces and ends. */
async function exchange(
  pieces: readonly (string | Uint8Array)[],
  more: Partial<WireRequest> = {},
) {
  const { port } = await serve((socket) => {
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
  const sent = await httpClient.send(requestTo(port, more));
  if (!sent.ok) return sent.reason.code;
  const { status, body, cut } = sent.value;
  return `${status} ${new TextDecoder().decode(body)}${cut ? "…" : ""}`;
}

const head = (...lines: string[]) => ["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n");
const packed = gzipSync("hello");
const bomb = gzipSync(new Uint8Array(20_000_000).fill(97));

describe("an exchange of HTTP", () => {
  it.each([
    ["a body of a known length", [head("Content-Length: 2"), "hi"], "200 hi"],
    ["a body up to the end of the connection", [head(), "hi"], "200 hi"],
    ["a body that breaks off", [head("Content-Length: 9"), "hi"], "upstream_error"],
    ["chunks that break off", [
      head("Transfer-Encoding: chunked"),
      "2\r\nhi\r\n",
    ], "upstream_error"],
    ["a packed body", [
      head("Content-Encoding: gzip", `Content-Length: ${packed.length}`),
      packed,
    ], "200 hello"],
    ["a deflated body", [head("Content-Encoding: deflate"), deflateSync("hello")], "200 hello"],
    ["a packed body that breaks off", [
      head("Content-Encoding: gzip"),
      packed.subarray(0, -6),
    ], "upstream_error"],
    ["a body that is not packed as it says", [
      head("Content-Encoding: gzip"),
      "hello",
    ], "upstream_error"],
    ["an empty body that says it is packed", [
      head("Content-Encoding: gzip", "Content-Length: 0"),
    ], "200 "],
    ["an encoding nobody knows", [head("Content-Encoding: aws-chunked"), "hi"], "200 hi"],
    ["early hints first", [
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
      head("Content-Length: 2"),
      "hi",
    ], "200 hi"],
    ["two lengths", [head("Content-Length: 2", "Content-Length: 3"), "hix"], "upstream_error"],
    ["a length and chunks", [
      head("Content-Length: 2", "Transfer-Encoding: chunked"),
      "2\r\nhi\r\n0\r\n\r\n",
    ], "upstream_error"],
    ["something else than HTTP", ["SSH-2.0-x\r\n\r\n"], "upstream_error"],
    ["nothing", [], "upstream_error"],
    ["a header without end", [head(`X-Long: ${"a".repeat(200_000)}`)], "upstream_error"],
  ])("with %s is told as it is", async (_, pieces, told) => {
    expect(await exchange(pieces)).toBe(told);
  });

  it.each(["204 No Content", "304 Not Modified"])(
    "without a body, %s, is no failed decompression",
    async (status) => {
      const answer = `HTTP/1.1 ${status}\r\nContent-Encoding: gzip\r\n\r\n`;
      expect(await exchange([answer])).toBe(`${status.slice(0, 3)} `);
    },
  );

  it("of HEAD has no body to decompress", async () => {
    const answer = head("Content-Encoding: gzip", "Content-Length: 50");
    expect(await exchange([answer], { method: "HEAD" })).toBe("200 ");
  });

  it("keeps of a decompression bomb what may be kept", async () => {
    const told = await exchange([head("Content-Encoding: gzip"), bomb], { keepBytes: 10 });
    expect(told).toBe("200 aaaaaaaaaa…");
  });
});

describe("a request", () => {
  it("names the host it is for, not the address it goes to", async () => {
    const { port, got } = await serve((socket) => socket.end(head("Content-Length: 0")));
    await httpClient.send(requestTo(port, { host: "api.example.com" }));
    expect(got).toEqual([
      `GET / HTTP/1.1\r\nHost: api.example.com:${port}\r\nConnection: close\r\n\r\n`,
    ]);
  });

  it("goes to the next address when one refuses the connection", async () => {
    const { port } = await serve((socket) => socket.end(head("Content-Length: 0")));
    const addresses = ["127.0.0.9", "127.0.0.1"];
    expect((await httpClient.send(requestTo(port, { addresses }))).ok).toBe(true);
  });

  it("is not sent a second time when an answer breaks off", async () => {
    const { port, got } = await serve((socket) => socket.end("HTTP/1.1 200"));
    const addresses = ["127.0.0.1", "127.0.0.1"];
    expect((await httpClient.send(requestTo(port, { addresses }))).ok).toBe(false);
    expect(got).toHaveLength(1);
  });

  it.each([
    ["before the status", () => {}],
    ["in the header", (socket: Socket) => void socket.write("HTTP/1.1 200 OK\r\nX-")],
    ["in the body", (socket: Socket) => void socket.write(`${head("Content-Length: 9")}hi`)],
    ["in a packed body", (socket: Socket) => {
      socket.write(head("Content-Encoding: gzip"));
      socket.write(packed.subarray(0, 12));
    }],
    ["after a switch of protocols", (socket: Socket) => {
      socket.write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    }],
  ])("ends at its time when the answer stalls %s", async (_, answer) => {
    const { port } = await serve(answer);
    const sent = await httpClient.send(requestTo(port, { timeoutMs: 80 }));
    expect(sent.ok ? "answered" : sent.reason.code).toBe("exec_timeout");
  });

  it("ends at its time when the answer drips", async () => {
    const { port } = await serve((socket) => {
      socket.write(head("Content-Length: 1000"));
      const drip = setInterval(() => socket.write("x"), 10);
      socket.once("close", () => clearInterval(drip));
    });
    const sent = await httpClient.send(requestTo(port, { timeoutMs: 80 }));
    expect(sent.ok ? "answered" : sent.reason.code).toBe("exec_timeout");
  });

  it("ends when the caller goes away", async () => {
    const caller = new AbortController();
    const { port } = await serve(() => caller.abort());
    const sent = await httpClient.send(requestTo(port, { signal: caller.signal }));
    expect(sent.ok).toBe(false);
  });

  it("is not sent, and harms nobody, when the caller went away before", async () => {
    const { port, got } = await serve((socket) => socket.end(head("Content-Length: 0")));
    const sent = await httpClient.send(requestTo(port, { signal: AbortSignal.abort() }));
    expect(sent.ok).toBe(false);
    // An error that nobody listens to would end the process a moment later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(got).toEqual([]);
  });
});
