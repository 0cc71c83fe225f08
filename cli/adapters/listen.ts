import type { Listen, ListenOptions } from "../../commands/command.ts";

/** Where to bind. */
export interface Address {
  /** Absent: every interface. */
  readonly host?: string;
  readonly port: number;
}

/**
 * Splits `:8080`, `host:port` or `[::1]:8080`.
 *
 * @returns `undefined` when the text is not an address
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  if (port > 65_535) return undefined;
  const host = match[1] ?? match[2] ?? "";
  return host === "" ? { port } : { host, port };
}

/** Whether a host is only reachable from this machine. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false;
  return host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

/**
 * Starts a listener. `auto` takes `node:http(s)`, which cuts slow headers and can ask for certificates, for TLS and
 * for any address others can reach; and the twice as fast `Deno.serve` for plain loopback.
 */
export const listen: Listen = async (options) => {
  const address = parseAddress(options.address);
  if (!address) {
    throw new TypeError(`Cannot listen on "${options.address}": expected :port or host:port`);
  }
  if (chooseKind(options, address) === "deno") {
    const { listenDeno } = await import("./listen_deno.ts");
    return listenDeno(options, address);
  }
  const { listenNode } = await import("./listen_node.ts");
  return await listenNode(options, address);
};

function chooseKind(options: ListenOptions, address: Address): "node" | "deno" {
  const hasDeno = "Deno" in globalThis;
  if (options.kind === "node" || options.tls || !hasDeno) return "node";
  if (options.kind === "deno") return "deno";
  return isLoopback(address.host) ? "deno" : "node";
}
