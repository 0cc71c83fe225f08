import { normalizeHost } from "../encoding/mod.ts";

/** A listen address in its parts. */
export interface Address {
  /** Normalized, an IPv6 address in brackets; `""` is every interface. */
  readonly host: string;
  readonly port: number;
}

/**
 * Splits `:port` or `host:port`.
 *
 * @returns `undefined` when the text is neither
 *
 * @example
 * ```ts
 * splitAddress("LOCALHOST:8080"); // { host: "localhost", port: 8080 }
 * ```
 */
export function splitAddress(text: string): Address | undefined {
  const colon = text.lastIndexOf(":");
  const digits = text.slice(colon + 1);
  if (colon === -1 || !/^[0-9]{1,5}$/.test(digits)) return undefined;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  const before = text.slice(0, colon);
  if (before === "") return { host: "", port };
  const host = normalizeHost(before);
  // A host that still has a port left over was `host:port:port`.
  if (!host.ok || /:[0-9]+$/.test(host.value.replace(/^\[.*\]/, ""))) return undefined;
  return { host: host.value, port };
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.[0-9]+\.[0-9]+\.[0-9]+$/.test(host);
}
