/** An address or network as bits; IPv4 has 32 of them, IPv6 128. */
export interface Network {
  readonly bits: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

/**
 * Reads an IP address in its plain spelling: dotted decimal, or IPv6 without brackets and zone.
 *
 * @returns `undefined` when the text is not one
 */
export function parseAddress(text: string): Network | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { bits: v4, width: 32, prefix: 32 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { bits: v6, width: 128, prefix: 128 };
}

/** Reads `address/prefix`; a bare address is a network of one. */
export function parseNetwork(text: string): Network | undefined {
  const [head = "", tail, ...rest] = text.split("/");
  const address = parseAddress(head);
  if (!address || rest.length > 0) return undefined;
  if (tail === undefined) return address;
  if (!/^[0-9]{1,3}$/.test(tail) || Number(tail) > address.width) return undefined;
  return { ...address, prefix: Number(tail) };
}

/** Whether an address lies in a network of its own family. */
export function contains(network: Network, address: Network): boolean {
  if (network.width !== address.width) return false;
  const shift = BigInt(network.width - network.prefix);
  return network.bits >> shift === address.bits >> shift;
}

/**
 * The IPv4 address that an IPv6 address carries inside (mapped, NAT64, 6to4), because it is the one that is reached.
 */
export function embeddedV4(address: Network): Network | undefined {
  if (address.width !== 128) return undefined;
  const { bits } = address;
  const inLow = EMBEDDING_LOW.some((network) => contains(network, address));
  if (inLow) return { bits: bits & 0xffff_ffffn, width: 32, prefix: 32 };
  if (contains(SIX_TO_FOUR, address)) {
    return { bits: (bits >> 80n) & 0xffff_ffffn, width: 32, prefix: 32 };
  }
  return undefined;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

function parseV6(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text)) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return groups.reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 address may stand last. */
function groupsOf(text: string): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** A network that is written in this file and therefore parses. */
function known(text: string): Network {
  const network = parseNetwork(text);
  if (!network) throw new TypeError(`not a network: ${text}`);
  return network;
}

const EMBEDDING_LOW: readonly Network[] = [
  known("::ffff:0:0/96"),
  known("64:ff9b::/96"),
  known("::/96"),
];
const SIX_TO_FOUR: Network = known("2002::/16");

/** Networks whose hosts are not on the public internet, with the reason in words. */
export const SPECIAL_NETWORKS: readonly { readonly network: Network; readonly kind: string }[] = [
  ["0.0.0.0/8", "unspecified"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "carrier-grade NAT"],
  ["127.0.0.0/8", "loopback"],
  ["168.63.129.16/32", "cloud platform (instance data)"],
  ["169.254.0.0/16", "link-local (cloud metadata)"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "reserved"],
  ["192.0.2.0/24", "documentation"],
  ["192.88.99.0/24", "reserved"],
  ["192.168.0.0/16", "private"],
  ["198.18.0.0/15", "benchmarking"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["fc00::/7", "unique local (cloud metadata)"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "site-local"],
  ["ff00::/8", "multicast"],
  ["100::/64", "discard"],
  ["2001::/23", "protocol assignments"],
  ["2001:db8::/32", "documentation"],
  ["3fff::/20", "documentation"],
  ["5f00::/16", "segment routing"],
  ["64:ff9b:1::/48", "local translation"],
].map(([text = "", kind = ""]) => ({ network: known(text), kind }));

const GLOBAL_UNICAST_V6: Network = known("2000::/3");

/**
 * What makes an address one that requests must not reach, or `undefined` when it is public or the operator lists it.
 *
 * @param allowed networks the operator opened (`executor.allow_private_networks`)
 */
export function refusedAddress(text: string, allowed: readonly Network[]): string | undefined {
  const address = parseAddress(text);
  if (!address) return "not an IP address";
  if (allowed.some((network) => contains(network, address))) return undefined;
  const inner = isLow(address) ? undefined : embeddedV4(address);
  if (!inner) return kindOf(address);
  return allowed.some((network) => contains(network, inner)) ? undefined : kindOf(inner);
}

function kindOf(address: Network): string | undefined {
  const special = SPECIAL_NETWORKS.find(({ network }) => contains(network, address));
  if (special) return special.kind;
  const outside = address.width === 128 && !contains(GLOBAL_UNICAST_V6, address);
  return outside ? "not global unicast" : undefined;
}

/** `::` and `::1` look like carriers of 0.0.0.0 and 0.0.0.1 but are addresses of their own. */
function isLow(address: Network): boolean {
  return address.bits < 0x1_0000n;
}
