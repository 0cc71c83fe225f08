import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import { fail, ok, type Result } from "../../core/encoding/mod.ts";
import { type Refusal, refuse } from "../../core/model/mod.ts";
import type { HttpClient, Resolver, WireRequest, WireResponse } from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";

/** Resolves names with the system's resolver, as other programs on this machine do. */
export const systemResolver: Resolver = {
  resolve: async (host) => {
    const found = await builtin("node:dns/promises").lookup(host, { all: true, verbatim: true });
    return found.map((entry) => entry.address);
  },
};

/** HTTP over `node:http(s)`: connects to exactly the addresses it is given, one after the other. */
export const httpClient: HttpClient = {
  send: async (request) => {
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
    let last: Result<WireResponse, Refusal> = unreachable(request, "no address to connect to");
    for (const address of request.addresses) {
      const attempt = await sendTo(address, request, deadline);
      if (attempt.kind === "answered") return ok(attempt.response);
      last = attempt.result;
      if (attempt.kind === "final") return last;
    }
    return last;
  },
};

type Attempt =
  | { readonly kind: "answered"; readonly response: WireResponse }
  /** Nothing was sent: another address may be tried. */
  | { readonly kind: "next"; readonly result: Result<WireResponse, Refusal> }
  | { readonly kind: "final"; readonly result: Result<WireResponse, Refusal> };

function sendTo(address: string, request: WireRequest, deadline: AbortSignal): Promise<Attempt> {
  if (request.signal.aborted) return Promise.resolve({ kind: "final", result: gone(request) });
  if (deadline.aborted) return Promise.resolve({ kind: "final", result: late(request) });
  return new Promise((resolve) => {
    const outgoing = open(address, request);
    let connected = false;
    let body: Readable | undefined;
    const end = (attempt: Attempt) => {
      deadline.removeEventListener("abort", onDeadline);
      request.signal.removeEventListener("abort", onGone);
      outgoing.destroy();
      // Whoever decompresses is not told when the source goes away, and would wait for ever.
      body?.destroy();
      resolve(attempt);
    };
    const onDeadline = () => end({ kind: "final", result: late(request) });
    const onGone = () => end({ kind: "final", result: gone(request) });
    deadline.addEventListener("abort", onDeadline, { once: true });
    request.signal.addEventListener("abort", onGone, { once: true });
    outgoing.on("socket", (socket) => {
      socket.once("connect", () => connected = true);
      socket.once("secureConnect", () => connected = true);
    });
    outgoing.on("error", (error) => {
      const result = unreachable(request, stateOf(error));
      end({ kind: connected ? "final" : "next", result });
    });
    outgoing.on("response", (incoming) => {
      body = decoded(incoming);
      collect(incoming, body, request.keepBytes).then(
        (response) => end({ kind: "answered", response }),
        (error: unknown) => end({ kind: "final", result: unreachable(request, stateOf(error)) }),
      );
    });
    outgoing.end(request.body);
  });
}

function open(address: string, request: WireRequest): ClientRequest {
  const defaultPort = request.scheme === "https" ? 443 : 80;
  const options: RequestOptions & { servername?: string } = {
    host: address,
    port: request.port,
    method: request.method,
    path: request.target,
    agent: false,
    setHost: false,
    maxHeaderSize: 65_536,
    headers: {
      ...Object.fromEntries(request.headers),
      Host: request.port === defaultPort ? request.host : `${request.host}:${request.port}`,
      ...(request.body ? { "Content-Length": String(request.body.length) } : {}),
      Connection: "close",
    },
  };
  if (request.scheme === "http") return builtin("node:http").request(options);
  const name = request.host.startsWith("[") ? request.host.slice(1, -1) : request.host;
  return builtin("node:https").request({
    ...options,
    servername: isAddress(name) ? "" : name,
    // INVARIANT: no variable of the environment turns verification off.
    rejectUnauthorized: true,
  });
}

function isAddress(name: string): boolean {
  return builtin("node:net").isIP(name) !== 0;
}

/** Reads a body, decompressed, up to the cap; what comes behind is never decompressed. */
async function collect(
  incoming: IncomingMessage,
  body: Readable,
  keepBytes: number,
): Promise<WireResponse> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let cut = false;
  let came = 0;
  if (body !== incoming) incoming.on("data", (part: Uint8Array) => came += part.length);
  try {
    for await (const part of body) {
      if (!(part instanceof Uint8Array)) continue;
      const room = keepBytes - size;
      if (part.length > room) {
        parts.push(part.subarray(0, room));
        size += room;
        cut = true;
        break;
      }
      parts.push(part);
      size += part.length;
    }
  } catch (error) {
    // Answers without a body (to HEAD, 204, 304) may name its encoding all the same.
    if (came > 0 || !incoming.complete) throw error;
  }
  incoming.destroy();
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.push([incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? ""]);
  }
  return { status: incoming.statusCode ?? 0, headers, body: joined(parts, size), cut };
}

function decoded(incoming: IncomingMessage): Readable {
  const zlib = builtin("node:zlib");
  const encoding = (incoming.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const stream = encoding === "gzip" || encoding === "x-gzip"
    ? zlib.createGunzip()
    : encoding === "deflate"
    ? zlib.createInflate()
    : encoding === "br"
    ? zlib.createBrotliDecompress()
    : undefined;
  if (!stream) return incoming;
  incoming.on("error", (error) => stream.destroy(error));
  return incoming.pipe(stream);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function unreachable(request: WireRequest, state: string): Result<WireResponse, Refusal> {
  return fail(refuse("upstream_error", `Cannot reach "${request.host}": ${state}`));
}

function gone(request: WireRequest): Result<WireResponse, Refusal> {
  return unreachable(request, "the caller went away");
}

function late(request: WireRequest): Result<WireResponse, Refusal> {
  return fail(refuse("exec_timeout", `Cannot request "${request.host}": it took too long`));
}

/** What went wrong, in words of ours: a system's message may name addresses and files. */
function stateOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (code === "ECONNRESET" || code === "EPIPE") return "the connection broke off";
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return "there is no way to it";
  if (
    code.startsWith("ERR_TLS") || code.includes("CERT") ||
    code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
  ) {
    return "its certificate is not valid for this name";
  }
  if (code.startsWith("Z_") || code.startsWith("ERR__ERROR_FORMAT")) {
    return "its body is not what its encoding says";
  }
  if (code.startsWith("HPE_")) return "its answer is not HTTP";
  return "the request failed";
}
