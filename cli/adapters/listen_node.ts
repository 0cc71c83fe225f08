import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Listener, ListenOptions, RequestInfo } from "../../commands/command.ts";
import type { BindAddress } from "./listen.ts";
import { builtin } from "./builtin.ts";
import { reply, replyPlainly, schemeOf } from "./listen_node_reply.ts";
import { BadHead, requestOf } from "./listen_node_request.ts";
import { loadTls, watchTls } from "./listen_tls.ts";
import { OpenRequests } from "./open_requests.ts";

/** Limits on what a client may do to a connection. */
export interface NodeLimits {
  /** Milliseconds until a header must be complete, also the first one of a connection that says nothing. */
  readonly headersTimeout: number;
  /** Milliseconds for header and body together; the body alone is held to less by whoever reads it. */
  readonly requestTimeout: number;
  /** Milliseconds that a connection may wait for its next request, or for its client to read an answer. */
  readonly keepAliveTimeout: number;
  /** Bytes of request line and headers together. */
  readonly maxHeaderSize: number;
  /** Milliseconds between two looks at connections that are late. */
  readonly connectionsCheckingInterval: number;
}

/** The limits every gateway has. */
export const NODE_LIMITS: NodeLimits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 16_384,
  connectionsCheckingInterval: 500,
};

/**
 * Serves on `node:http(s)`: cuts slow and idle clients, bounds headers, speaks TLS and asks for certificates.
 *
 * @param limits {@link NODE_LIMITS} but for tests
 */
export async function listenNode(
  options: ListenOptions,
  address: BindAddress,
  limits: NodeLimits = NODE_LIMITS,
): Promise<Listener> {
  const door = new NodeDoor(options, limits);
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    void door.handle(incoming, outgoing);
  const { server, release } = await createServer(options, limits, handle);
  // Deno takes this one from the server alone.
  server.keepAliveTimeout = limits.keepAliveTimeout;
  await started(server, address);
  const bound = server.address();
  const { host, port } = typeof bound === "object" && bound !== null
    ? { host: bound.address, port: bound.port }
    : { host: address.host ?? "", port: address.port };
  return {
    host,
    port,
    kind: "node",
    drain: async (graceMs) => {
      release();
      stopAccepting(server);
      return await door.drain(graceMs);
    },
    close: async (graceMs) => {
      release();
      stopAccepting(server);
      await door.drain(graceMs);
      server.closeAllConnections();
    },
  };
}

/** What stands between Node's requests and the handler. */
class NodeDoor {
  readonly #options: ListenOptions;
  readonly #limits: NodeLimits;
  readonly #open = new OpenRequests();
  #draining = false;

  constructor(options: ListenOptions, limits: NodeLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  /** From now on every answer ends its connection. */
  async drain(graceMs: number): Promise<boolean> {
    this.#draining = true;
    return await this.#open.idle(graceMs);
  }

  /** Answers one request. Never throws. */
  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#open.begin();
    const gone = new AbortController();
    outgoing.once("close", () => {
      this.#open.end();
      if (!outgoing.writableFinished) gone.abort();
    });
    try {
      const request = requestOf(incoming, schemeOf(incoming));
      const response = await this.#options.handler(request, infoOf(incoming, gone.signal));
      await reply(response, outgoing, {
        last: this.#draining,
        stallMs: this.#limits.keepAliveTimeout,
      });
    } catch (fault) {
      if (fault instanceof BadHead) return replyPlainly(outgoing, 400);
      if (!outgoing.destroyed) this.#options.onFault?.(fault);
      replyPlainly(outgoing, 500);
    }
  }
}

function infoOf({ socket }: IncomingMessage, gone: AbortSignal): RequestInfo {
  const certificate = clientCertificate(socket);
  return certificate === undefined ? { gone } : { gone, clientCertificate: certificate };
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

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

async function createServer(
  options: ListenOptions,
  limits: NodeLimits,
  handle: Handle,
): Promise<{ server: Server; release: () => void }> {
  if (options.tls === undefined) {
    return { server: builtin("node:http").createServer({ ...limits }, handle), release: () => {} };
  }
  const settings = { ...limits, ...(await loadTls(options.tls)) };
  const server = builtin("node:https").createServer(settings, handle);
  const release = watchTls(options.tls, (context) => server.setSecureContext(context));
  return { server, release };
}

function started(server: Server, address: BindAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/**
 * Takes no new connection. HTTP servers would also end connections that wait for their next request; those may still
 * ask `/healthz` whether they should go elsewhere.
 */
function stopAccepting(server: Server): void {
  if (server.listening) builtin("node:net").Server.prototype.close.call(server);
}
