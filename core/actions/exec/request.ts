import { effectiveSandbox, hostsOf, matchesArgv } from "../../obligations/mod.ts";
import type { HeldFolder, ProcessRequest } from "../../ports/mod.ts";
import { MARGIN_BYTES } from "../executed.ts";
import type { Permit } from "../permit.ts";
import type { ActionPorts } from "../ports.ts";
import type { ProcessExecParams } from "./params.ts";

type Variables = Readonly<Record<string, string>>;

/** What the process runner is asked for: the params, within what rules and operator allow. */
export function processRequest(
  permit: Permit<ProcessExecParams>,
  ports: ActionPorts,
  { cwd, leased }: { readonly cwd: HeldFolder; readonly leased: Variables },
): ProcessRequest {
  const { params } = permit;
  const env = only(leased, params.envKeys);
  return {
    argv: params.argv,
    programNamed: namesProgram(permit),
    cwd,
    env,
    inherit: inherited(params.envKeys, env, ports),
    ...(params.stdin === undefined ? {} : { stdin: params.stdin }),
    timeoutMs: timeoutOf(permit, ports),
    keepBytes: permit.caps.maxBytes + MARGIN_BYTES,
    sandbox: sandboxOf(permit, ports),
    network: networkOf(permit, ports),
    signal: ports.signal,
  };
}

/** INVARIANT: a variable gets in by its exact name only: asked for, and allowed by the operator or leased. */
function inherited(
  keys: readonly string[],
  leased: Variables,
  { settings }: ActionPorts,
): readonly string[] {
  return keys.filter((key) => settings.envAllowlist.includes(key) && !Object.hasOwn(leased, key));
}

function only(
  env: Variables,
  keys: readonly string[],
): Variables {
  // No prototype: the name of a variable may be any word. The type of Object.create says nothing.
  const some = Object.create(null) as Record<string, string>;
  for (const key of keys) {
    const value = Object.hasOwn(env, key) ? env[key] : undefined;
    if (value !== undefined) some[key] = value;
  }
  return some;
}

/** Whether a rule that allowed the command has its first word as it stands, not by a wildcard. */
function namesProgram({ params: { argv }, terms }: Permit<ProcessExecParams>): boolean {
  const [program] = argv;
  const byPattern = terms.exec_constraints?.some((pattern) =>
    pattern[0] === program && program !== "*" && program !== "**" && matchesArgv(pattern, argv)
  );
  const byPrefix = terms.exec_allowlist?.every((list) =>
    list.some((prefix) => prefix[0] === program)
  );
  return byPattern === true || byPrefix === true;
}

function timeoutOf(
  { params, terms }: Permit<ProcessExecParams>,
  { settings }: ActionPorts,
): number {
  return Math.min(
    settings.execTimeoutMs,
    params.timeoutMs ?? Infinity,
    terms.timeout_ms ?? Infinity,
  );
}

function sandboxOf(
  { terms }: Permit<ProcessExecParams>,
  { settings: { offer } }: ActionPorts,
): ProcessRequest["sandbox"] {
  return offer === undefined ? terms.sandbox_mode ?? "none" : effectiveSandbox(terms, offer);
}

/** A sandbox has a network only where a rule names hosts and the operator lets it have the whole one. */
function networkOf(
  { terms }: Permit<ProcessExecParams>,
  { settings: { offer } }: ActionPorts,
): ProcessRequest["network"] {
  const lists = terms.net_allowlist;
  if (offer?.execNetwork !== true || lists === undefined) return "none";
  return hostsOf(lists).length > 0 ? "host" : "none";
}
