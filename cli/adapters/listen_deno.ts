import type { Listener, ListenOptions } from "../../commands/command.ts";
import type { Address } from "./listen.ts";

/**
 * Serves on `Deno.serve`: twice as fast as `node:http`, but it cannot cut a client that sends its header slowly, so it
 * is used for plain loopback and behind a proxy only.
 */
export function listenDeno(options: ListenOptions, address: Address): Listener {
  const server = Deno.serve({
    hostname: address.host ?? "0.0.0.0",
    port: address.port,
    onListen: () => {},
    onError: () => new Response("internal error", { status: 500 }),
  }, (request) => options.handler(request, { gone: request.signal }));
  const bound = server.addr;
  return {
    host: bound.hostname,
    port: bound.port,
    kind: "deno",
    close: async (graceMs) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([server.shutdown(), late]);
      clearTimeout(timer);
    },
  };
}
