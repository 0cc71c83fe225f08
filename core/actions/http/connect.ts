import { fail, ok, type Result } from "../../encoding/mod.ts";
import { type Refusal, refuse } from "../../model/mod.ts";
import type { ActionPorts } from "../ports.ts";
import { type Network, parseNetwork, refusedAddress } from "./address.ts";

/**
 * Resolves a host once and checks every address it has. The connection goes to these addresses and to no other, so
 * that a name which changes its answer meanwhile changes nothing.
 *
 * @param host without port; an IPv6 address may stand in brackets
 * @returns `net_not_allowlisted` when one address is not public, `upstream_error` when the name has none
 */
export async function checkedAddresses(
  host: string,
  ports: Pick<ActionPorts, "resolver" | "settings">,
): Promise<Result<readonly string[], Refusal>> {
  const name = host.startsWith("[") ? host.slice(1, -1) : host;
  let addresses: readonly string[];
  try {
    addresses = await ports.resolver.resolve(name);
  } catch {
    addresses = [];
  }
  if (addresses.length === 0) {
    return fail(refuse("upstream_error", `Cannot reach "${name}": the name has no address`));
  }
  const allowed = ports.settings.allowPrivateNetworks.map(parseNetwork).filter(isNetwork);
  for (const address of addresses) {
    const kind = refusedAddress(address, allowed);
    if (kind === undefined) continue;
    return fail(
      refuse(
        "net_not_allowlisted",
        `Cannot reach "${name}": it resolves to a ${kind} address; the operator opens such networks with executor.allow_private_networks`,
      ),
    );
  }
  return ok(addresses);
}

function isNetwork(network: Network | undefined): network is Network {
  return network !== undefined;
}
