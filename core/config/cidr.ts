import { normalizeHost } from "../encoding/mod.ts";

/**
 * Tells whether a text is an address range in CIDR form with an IPv4 or IPv6 address.
 *
 * @example
 * ```ts
 * isCidr("fd00::/8"); // true
 * ```
 */
export function isCidr(text: string): boolean {
  const slash = text.lastIndexOf("/");
  const bits = text.slice(slash + 1);
  if (slash < 1 || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  const address = text.slice(0, slash);
  if (address.includes(":")) return Number(bits) <= 128 && normalizeHost(`[${address}]`).ok;
  if (!/^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(address)) return false;
  return Number(bits) <= 32 && address.split(".").every((part) => Number(part) <= 255);
}
