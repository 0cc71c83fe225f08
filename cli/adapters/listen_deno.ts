import type { Listener, ListenOptions, RequestInfo } from "../../commands/command.ts";
import type { BindAddress } from "./listen.ts";
import { OpenRequests } from "./open_requests.ts";

/** A request that takes longer than this is watched for its client going away, in milliseconds. */
const WATCH_AFTER_MS = 100;

/**
 * Serves on `Deno.serve`: twice as fast as `node:http`, but it cannot cut a client that sends its header slowly, so it
 * is used for plain loopback and behind a proxy only.
 */
export function listenDeno(options: ListenOptions, address: BindAddress): Listener {
  const open = new OpenRequests();
  const watch = new Watch();
  const server = Deno.serve({
    hostname: address.host ?? "0.0.0.0",
    port: address.port,
    onListen: () => {},
    onError: (fault) => {
      options.onFault?.(fault);
      return new Response(null, { status: 500 });
    },
  }, async (request) => {
    const exchange = new Exchange(request);
    open.begin();
    watch.add(exchange);
    try {
      return await options.handler(request, exchange);
    } finally {
      watch.done(exchange);
      open.end();
    }
  });
  const bound = server.addr;
  return {
    host: bound.hostname,
    port: bound.port,
    kind: "deno",
    // Deno cannot stop accepting without cutting kept-alive connections that wait for nothing but an answer to
    // `/healthz`. So it accepts until the last open request has ended; what comes in between is refused by the handler.
    drain: (graceMs) => open.idle(graceMs),
    close: async (graceMs) => {
      const closed = server.shutdown();
      if (!await open.idle(graceMs)) return;
      await closed;
    },
  };
}

/** One request on its way, as its handler sees it. */
class Exchange implements RequestInfo {
  readonly #gone = new AbortController();
  readonly #request: Request;
  readonly sinceMs = performance.now();
  #answered = false;

  constructor(request: Request) {
    this.#request = request;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** From now on a client that goes away aborts `gone`. */
  watchClient(): void {
    const { signal } = this.#request;
    signal.addEventListener("abort", () => {
      // INVARIANT: Deno aborts the signal of a request that went well, too; that is no reason to give up anything.
      if (!this.#answered) this.#gone.abort();
    }, { once: true });
  }

  answered(): void {
    this.#answered = true;
  }
}

/**
 * Watches the clients of requests that take long. Asking Deno for a request's signal costs as much as reading the
 * request, and most are answered before anybody could have gone away.
 */
class Watch {
  /** In the order they came. */
  readonly #young = new Set<Exchange>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(exchange: Exchange): void {
    this.#young.add(exchange);
    this.#timer ??= setTimeout(() => this.#look(), WATCH_AFTER_MS);
  }

  done(exchange: Exchange): void {
    exchange.answered();
    this.#young.delete(exchange);
  }

  #look(): void {
    this.#timer = undefined;
    const before = performance.now() - WATCH_AFTER_MS;
    for (const exchange of this.#young) {
      if (exchange.sinceMs > before) {
        this.#timer = setTimeout(() => this.#look(), WATCH_AFTER_MS);
        return;
      }
      this.#young.delete(exchange);
      exchange.watchClient();
    }
  }
}
