import { normalizeHost } from "../../encoding/mod.ts";
import type { Draft } from "../shape.ts";
import type { Path } from "../tree.ts";
import { httpHost, isVariableName, mustExist, need, type RuleContext, unique } from "./rule.ts";

type Server = Draft["mcp"]["upstream_servers"][number];

/** `mcp.upstream_servers[]`: each one complete for its transport, nothing of the other. */
export async function checkMcp(context: RuleContext): Promise<void> {
  const servers = context.config.mcp.upstream_servers;
  const at = (i: number): Path => ["mcp", "upstream_servers", i];
  unique(context, servers.map(({ name }, i) => ({ path: [...at(i), "name"], name })));
  for (const [i, server] of servers.entries()) {
    if (!/^[A-Za-z0-9_-]+$/.test(server.name)) {
      context.report([...at(i), "name"], "it has other characters", "letters, digits, _ and -");
    }
    if (server.transport === "stdio") await checkStdio(context, server, at(i));
    else await checkHttp(context, server, at(i));
    checkVariables(context, server, at(i));
    checkBroker(context, server, at(i));
  }
}

async function checkStdio(context: RuleContext, server: Server, at: Path): Promise<void> {
  need(context, server, { at, keys: ["command"], why: "the transport is stdio" });
  refuse(context, server, { at, keys: ["endpoint", "auth"], why: "with transport stdio" });
  await mustExist(context, [...at, "workdir"], server.workdir, "directory");
}

async function checkHttp(context: RuleContext, server: Server, at: Path): Promise<void> {
  need(context, server, { at, keys: ["endpoint"], why: "the transport is HTTP" });
  refuse(context, server, { at, keys: ["command", "workdir"], why: "with an HTTP transport" });
  if (server.endpoint !== undefined) checkEndpoint(context, server, at);
  for (const [i, host] of server.allowed_hosts.entries()) {
    const normal = normalizeHost(host);
    if (!normal.ok) context.report([...at, "allowed_hosts", i], normal.reason, "a host");
  }
  if (server.tls_cert_file !== undefined || server.tls_key_file !== undefined) {
    const keys = ["tls_cert_file", "tls_key_file"];
    need(context, server, { at, keys, why: "a client certificate has both" });
  }
  await mustExist(context, [...at, "tls_ca_file"], server.tls_ca_file);
  await mustExist(context, [...at, "tls_cert_file"], server.tls_cert_file);
  await mustExist(context, [...at, "tls_key_file"], server.tls_key_file);
  checkAuth(context, server, [...at, "auth"]);
}

function checkEndpoint(context: RuleContext, server: Server, at: Path): void {
  const path = [...at, "endpoint"];
  const endpoint = server.endpoint ?? "";
  if (httpHost(endpoint) === undefined) {
    context.report(path, "it is no absolute URL", "https://host/…");
    return;
  }
  const url = new URL(endpoint);
  if (url.protocol === "http:" && !server.tls_insecure) {
    context.report(path, "it is plain http", "https, or tls_insecure for development");
  }
  const allowed = server.allowed_hosts.map((host) => normalizeHost(host));
  const isAllowed = allowed.some((host) =>
    host.ok && [url.host, url.hostname].includes(host.value)
  );
  if (allowed.length > 0 && !isAllowed) {
    context.report(path, "its host is not in allowed_hosts", "one of them");
  }
}

function checkAuth(context: RuleContext, { auth }: Server, at: Path): void {
  if (auth === undefined) return;
  if (auth.type === "bearer") {
    need(context, auth, { at, keys: ["token"], why: "the type is bearer" });
  } else if (auth.header !== undefined) {
    need(context, auth, { at, keys: ["value"], why: "a header has a value" });
  } else if (Object.keys(auth.values ?? {}).length === 0) {
    context.report([...at, "header"], "it is not set", "header and value, or values");
  }
}

function checkVariables(context: RuleContext, server: Server, at: Path): void {
  for (const [i, name] of server.env_allowlist.entries()) {
    if (isVariableName(name)) continue;
    context.report([...at, "env_allowlist", i], "it is no variable name", "an exact name");
  }
  for (const name of Object.keys(server.env)) {
    if (isVariableName(name)) continue;
    context.report([...at, "env", name], "it is no variable name", "an exact name");
  }
}

function checkBroker(context: RuleContext, server: Server, base: Path): void {
  const { credentials: broker } = server;
  if (broker === undefined) return;
  const at = [...base, "credentials"];
  if (server.auth !== undefined) context.report(at, "auth is set too", "one of them");
  const profile = broker.profile ?? broker.secret_id;
  if (broker.secret_id !== undefined && broker.secret_id !== profile) {
    context.report([...at, "secret_id"], "it is not the same as profile", "one of them");
  }
  const { enabled, secrets } = context.config.credentials;
  if (!enabled) context.report(at, "credentials.enabled is off", "it on");
  else if (!secrets.some(({ id }) => id === profile)) {
    context.report([...at, "profile"], "it names no secret", "an id of credentials.secrets");
  }
  const isHttpMode = broker.mode === "bearer" || broker.mode === "header";
  if (isHttpMode === (server.transport === "stdio")) {
    const wish = server.transport === "stdio" ? "env or file" : "bearer or header";
    context.report([...at, "mode"], `it is ${broker.mode}`, `${wish} with this transport`);
  }
  if (broker.mode === "header") {
    need(context, broker, { at, keys: ["header"], why: "the mode is header" });
  }
  if (!isHttpMode) need(context, broker, { at, keys: ["env"], why: `the mode is ${broker.mode}` });
}

function refuse(
  context: RuleContext,
  server: Server,
  { at, keys, why }: { at: Path; keys: readonly (keyof Server)[]; why: string },
): void {
  for (const key of keys) {
    if (server[key] !== undefined) context.report([...at, key], "it is set", `nothing ${why}`);
  }
}
