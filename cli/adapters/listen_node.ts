import { getRequestListener } from "@hono/node-server";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Listener, ListenOptions } from "../../commands/command.ts";
import type { Address } from "./listen.ts";
import { builtin } from "./builtin.ts";
import { loadTls, watchTls } from "./listen_tls.ts";

/** A header must be complete within this time, in milliseconds. */
const HEADER_TIMEOUT_MS = 5_000;
/** The whole request, header and body, must be complete within this time, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
/** Request line and headers together, in bytes. */
const MAX_HEADER_BYTES = 16_384;
/** Connections without a complete request are looked at this often, in milliseconds. */
const CHECK_INTERVAL_MS = 1_000;

/** Serves on `node:http(s)`: cuts slow and idle clients, bounds headers, speaks TLS and asks for certificates. */
export async function listenNode(options: ListenOptions, address: Address): Promise<Listener> {
  const settings = {
    headersTimeout: HEADER_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const handler = handlerOf(options);
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void handler(request, response);
  let server: Server;
  let stopWatching = () => {};
  if (options.tls) {
    const secure = builtin("node:https").createServer({
      ...settings,
      ...(await loadTls(options.tls)),
    }, handle);
    stopWatching = watchTls(options.tls, (context) => secure.setSecureContext(context));
    server = secure;
  } else {
    server = builtin("node:http").createServer(settings, handle);
  }
  server.headersTimeout = HEADER_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = IDLE_TIMEOUT_MS;
  await started(server, address);
  const bound = server.address();
  const { host, port } = typeof bound === "object" && bound !== null
    ? { host: bound.address, port: bound.port }
    : { host: address.host ?? "", port: address.port };
  return {
    host,
    port,
    kind: "node",
    close: async (graceMs) => {
      stopWatching();
      await closed(server, graceMs);
    },
  };
}

function handlerOf(
  options: ListenOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return getRequestListener(
    (request, env) => {
      if (!("outgoing" in env) || !("socket" in env.incoming)) {
        return new Response(null, { status: 505 });
      }
      const { outgoing } = env;
      const gone = new AbortController();
      outgoing.on("close", () => {
        if (!outgoing.writableFinished) gone.abort();
      });
      const certificate = clientCertificate(env.incoming.socket);
      return options.handler(request, {
        gone: gone.signal,
        ...(certificate ? { clientCertificate: certificate } : {}),
      });
    },
    {
      overrideGlobalObjects: false,
      errorHandler: () => new Response("internal error", { status: 500 }),
    },
  );
}

/** The DER of a client certificate that the TLS layer verified; anything else does not exist for us. */
function clientCertificate(socket: object): Uint8Array | undefined {
  if (!("authorized" in socket) || socket.authorized !== true) return undefined;
  if (!("getPeerCertificate" in socket) || typeof socket.getPeerCertificate !== "function") {
    return undefined;
  }
  const certificate: { raw?: Uint8Array } = socket.getPeerCertificate();
  return certificate.raw;
}

function started(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
      resolve();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
