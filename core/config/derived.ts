import type { Environment } from "../ports/mod.ts";
import { splitAddress } from "./address.ts";
import { getAt, setAt, type Tree, type TreeValue } from "./tree.ts";

/** What defaults are worked out from, besides the config itself. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment: Environment;
}

/** Where programs are looked up when nobody says. */
const USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

const RATE_LIMIT_LISTS = ["principal_action", "principal_resource", "global_tool"];

type Derive = (tree: Tree, around: Surroundings) => TreeValue | undefined;

const DEFAULTS: readonly (readonly [readonly string[], Derive])[] = [
  [["gateway", "allowed_hosts"], allowedHosts],
  [["gateway", "admin_principals"], ownPrincipal],
  [["gateway", "operator_principals"], ownPrincipal],
  [["executor", "workspace_root"], (_, { cwd }) => cwd],
  [["executor", "path"], (_, { environment }) => environment.get("PATH") || USUAL_PATH],
  [["executor", "sandbox_profile"], sandboxProfile],
  [["audit", "spool_path"], spoolPath],
  [["approvals", "store_path"], storePath],
  [["rate_limits", "enabled"], hasRateLimits],
];

/** Fills in the defaults that depend on other keys or on where Nomos runs. */
export function fillDerived(tree: Tree, around: Surroundings): void {
  for (const [path, derive] of DEFAULTS) {
    if (getAt(tree, path) !== undefined) continue;
    const value = derive(tree, around);
    if (value !== undefined) setAt(tree, path, value);
  }
}

function allowedHosts(tree: Tree): TreeValue {
  const listen = getAt(tree, ["gateway", "listen"]);
  const host = typeof listen === "string" ? splitAddress(listen)?.host : undefined;
  const hosts = ["localhost", "127.0.0.1", "[::1]"];
  const isName = host !== undefined && host !== "" && host !== "0.0.0.0" && host !== "[::]";
  return isName && !hosts.includes(host) ? [...hosts, host] : hosts;
}

function ownPrincipal(tree: Tree): TreeValue {
  const principal = getAt(tree, ["identity", "principal"]);
  return typeof principal === "string" ? [principal] : [];
}

function sandboxProfile(tree: Tree): TreeValue {
  return getAt(tree, ["executor", "sandbox_enabled"]) === true ? "local" : "none";
}

function isStateless(tree: Tree): boolean {
  return getAt(tree, ["runtime", "stateless_mode"]) === true;
}

function spoolPath(tree: Tree): TreeValue | undefined {
  return isStateless(tree) ? undefined : "nomos-audit-spool.db";
}

function storePath(tree: Tree): TreeValue | undefined {
  return getAt(tree, ["approvals", "store"]) === undefined ? "nomos-approvals.db" : undefined;
}

function hasRateLimits(tree: Tree): TreeValue {
  return RATE_LIMIT_LISTS.some((name) => {
    const rules = getAt(tree, ["rate_limits", name]);
    return Array.isArray(rules) && rules.length > 0;
  });
}
