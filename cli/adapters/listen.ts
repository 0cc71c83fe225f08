import type { Listen, Listener, ListenOptions } from "../../commands/command.ts";
import { isLoopback, splitAddress } from "../../core/config/mod.ts";

/** Where to bind. */
export interface BindAddress {
  /** Name or address, without brackets; absent: every interface. */
  readonly host?: string;
  readonly port: number;
}

/** What the choice of a server depends on. */
export type ListenChoice = Pick<ListenOptions, "address" | "kind" | "tls">;

/**
 * Starts a listener.
 *
 * @throws {TypeError} when the address is none, or the server asked for cannot do what is asked of it
 */
export const listen: Listen = async (options: ListenOptions): Promise<Listener> => {
  const address = bindAddress(options.address);
  if (chooseListener(options, "Deno" in globalThis) === "deno") {
    const { listenDeno } = await import("./listen_deno.ts");
    return listenDeno(options, address);
  }
  const { listenNode } = await import("./listen_node.ts");
  return await listenNode(options, address);
};

/**
 * Chooses the server. `auto` takes `node:http(s)`, which cuts slow headers and can ask for certificates, for TLS and
 * for any address others can reach; and the twice as fast `Deno.serve` for plain loopback.
 *
 * @param hasDeno whether this runtime has `Deno.serve` at all
 * @throws {TypeError} when `Deno.serve` is asked for where it cannot serve
 */
export function chooseListener(choice: ListenChoice, hasDeno: boolean): "node" | "deno" {
  const { kind, tls } = choice;
  if (kind === "deno" && (tls !== undefined || !hasDeno)) {
    const why = hasDeno ? "it cannot ask for client certificates" : "this runtime does not have it";
    throw new TypeError(`Cannot listen with gateway.listener "deno": ${why}, expected "node"`);
  }
  if (kind !== "auto") return kind;
  const host = splitAddress(choice.address)?.host ?? "";
  return hasDeno && tls === undefined && isLoopback(host) ? "deno" : "node";
}

function bindAddress(text: string): BindAddress {
  const address = splitAddress(text);
  if (address === undefined) {
    throw new TypeError(`Cannot listen on "${text}": expected :port or host:port`);
  }
  const { host, port } = address;
  return host === "" ? { port } : { host: host.replace(/^\[(.*)\]$/, "$1"), port };
}
