import { normalizeHost } from "../../encoding/mod.ts";
import { splitAddress } from "../address.ts";
import { httpHost, isSet, mustExist, need, type RuleContext } from "./rule.ts";

/** `gateway` and `upstream`: addresses, hosts, TLS files, routes. */
export async function checkGateway(context: RuleContext): Promise<void> {
  const { gateway } = context.config;
  if (splitAddress(gateway.listen) === undefined) {
    context.report(["gateway", "listen"], "it is no address", "`:port` or `host:port`");
  }
  for (const [i, host] of gateway.allowed_hosts.entries()) {
    const normal = normalizeHost(host);
    if (!normal.ok) context.report(["gateway", "allowed_hosts", i], normal.reason, "a host");
  }
  const paramsPath = ["gateway", "max_params_bytes"];
  if (gateway.max_params_bytes > gateway.max_body_bytes && isSet(context, paramsPath)) {
    const wish = `at most gateway.max_body_bytes (${gateway.max_body_bytes})`;
    context.report(paramsPath, `it is ${gateway.max_params_bytes}`, wish);
  }
  await checkTls(context);
  checkRoutes(context);
}

async function checkTls(context: RuleContext): Promise<void> {
  const { tls } = context.config.gateway;
  const at = ["gateway", "tls"];
  if (tls.require_mtls && !tls.enabled) {
    const wish = "gateway.tls.enabled: there are no client certificates without TLS";
    context.report([...at, "require_mtls"], "it is on and TLS is off", wish);
  }
  if (!tls.enabled) return;
  need(context, tls, { at, keys: ["cert_file", "key_file"], why: "TLS is on" });
  if (tls.require_mtls) {
    need(context, tls, { at, keys: ["client_ca_file"], why: "require_mtls is on" });
  }
  await mustExist(context, [...at, "cert_file"], tls.cert_file);
  await mustExist(context, [...at, "key_file"], tls.key_file);
  await mustExist(context, [...at, "client_ca_file"], tls.client_ca_file);
}

function checkRoutes(context: RuleContext): void {
  for (const [i, route] of context.config.upstream.routes.entries()) {
    const at = ["upstream", "routes", i];
    if (httpHost(route.url) === undefined) {
      context.report([...at, "url"], "it is no absolute URL", "https://host/…");
    } else {
      const normal = normalizeHost(new URL(route.url).host);
      if (!normal.ok) context.report([...at, "url"], normal.reason, "one host, without wildcards");
    }
    for (const [j, method] of route.methods.entries()) {
      if (!/^[A-Za-z]+$/.test(method)) {
        context.report([...at, "methods", j], "it is no HTTP method", "such as GET");
      }
    }
    if (route.path_prefix !== undefined && !route.path_prefix.startsWith("/")) {
      context.report([...at, "path_prefix"], "it is no path", "one that begins with /");
    }
  }
}
