import { fail, ok, type Result } from "../../encoding/mod.ts";
import { type Refusal, refuse } from "../../model/mod.ts";
import type { ActionPorts } from "../ports.ts";
import { type Network, parseNetwork, refusedAddress } from "./address.ts";

/**
 * Resolves a host once and checks every address it has. The connection goes to these addresses and to no other, so
 * that a name which changes its answer meanwhile changes nothing.
 *
 * @param host without port; an IPv6 address may stand in brackets
 * @param timeoutMs milliseconds that looking the name up may take
 * @returns `net_not_allowlisted` when one address is not public, `upstream_error` when the name has none or the caller
 *   went away, `exec_timeout` when it took too long
 */
export async function checkedAddresses(
  host: string,
  ports: Pick<ActionPorts, "resolver" | "settings" | "signal">,
  timeoutMs: number,
): Promise<Result<readonly string[], Refusal>> {
  const name = host.startsWith("[") ? host.slice(1, -1) : host;
  const found = await resolveInTime(name, ports, timeoutMs);
  if (!found.ok) return found;
  const addresses = found.value;
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

/** The system's resolver knows neither deadlines nor callers that go away: what it still says then is not waited for. */
function resolveInTime(
  name: string,
  { resolver, signal }: Pick<ActionPorts, "resolver" | "signal">,
  timeoutMs: number,
): Promise<Result<readonly string[], Refusal>> {
  return new Promise((resolve) => {
    const end = (found: Result<readonly string[], Refusal>) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onGone);
      resolve(found);
    };
    const onGone = () => end(fail(gone(name)));
    const timer = setTimeout(() => end(fail(tookTooLong(name))), Math.max(0, timeoutMs));
    signal.addEventListener("abort", onGone);
    if (signal.aborted) return onGone();
    resolver.resolve(name).then((found) => end(ok(found)), () => end(ok([])));
  });
}

/** The refusal of a request whose time is up. */
export function tookTooLong(host: string): Refusal {
  return refuse("exec_timeout", `Cannot request "${host}": it took too long`);
}

function gone(host: string): Refusal {
  return refuse("upstream_error", `Cannot reach "${host}": the caller went away`);
}

function isNetwork(network: Network | undefined): network is Network {
  return network !== undefined;
}
