import * as z from "zod";
import {
  choice,
  count,
  flag,
  keyNotes,
  list,
  milliseconds,
  path,
  seconds,
  section,
  text,
  textOr,
} from "../keys.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

const tls = section("TLS of the gateway, 1.2 and newer.", {
  enabled: flag("Serve HTTPS."),
  cert_file: path("Certificate chain, PEM."),
  key_file: path("Private key of the certificate, PEM."),
  client_ca_file: path("Authorities that sign client certificates, PEM."),
  require_mtls: flag("Refuse clients without a verified certificate."),
});

/** `gateway`: where and how the HTTP door listens. */
export const gateway = section("The HTTP gateway.", {
  listen: textOr("Address to listen on; `:port` is every interface.", ":8080"),
  transport: choice("Transport of the gateway.", ["http"], "http"),
  concurrency_limit: count("Actions in flight before 429 rate_limited.", 32),
  rate_limit_per_minute: count("Requests a minute for each principal, agent and environment.", 120),
  circuit_breaker_failures: count(
    "Failed executions in a row that open an identity's breaker.",
    5,
  ),
  circuit_breaker_cooldown_seconds: seconds(
    "How long an open breaker waits for its one probe.",
    60,
  ),
  tls,
  shutdown_timeout_ms: milliseconds(
    "How long actions in flight may take to finish at shutdown.",
    5000,
    0,
  ),
  allowed_hosts: z.array(z.string().min(1)).register(keyNotes, {
    derived: "the loopback names and the host of gateway.listen",
  }).describe("Hosts that the Host and Origin headers may name on UI and MCP routes."),
  admin_principals: z.array(z.string().min(1)).register(keyNotes, {
    derived: "identity.principal",
  }).describe("Principals that may reload."),
  operator_principals: z.array(z.string().min(1)).register(keyNotes, {
    derived: "identity.principal",
  }).describe("Principals that may use the operator UI."),
  listener: choice(
    "HTTP server: `node` cuts slow clients and speaks TLS, `deno` is faster on plain loopback.",
    ["auto", "node", "deno"],
    "auto",
  ),
  max_body_bytes: count("Largest request body.", 64 * KIB, { min: KIB, max: 64 * MIB }),
  max_params_bytes: count("Largest `params` of an action.", 32 * KIB, { min: KIB, max: 64 * MIB }),
});

const evidence = section("What the operator vouches for; probes may contradict it.", {
  container_backend_ready: flag("Nomos runs inside a hardened container."),
  rootless_or_non_privileged: flag("Nomos does not run as root."),
  read_only_fs: flag("The root file system is read-only."),
  no_new_privileges: flag("Processes cannot gain privileges."),
  network_default_deny: flag("Outgoing traffic is denied unless allowed."),
  workload_identity_verified: flag("The workload's identity is verified by the platform."),
  durable_audit_verified: flag("The audit trail is kept durably outside of this machine."),
});

/** `runtime`: what kind of installation this is. */
export const runtime = section("The installation.", {
  stateless_mode: flag("Keep no state on this machine."),
  strong_guarantee: flag("Claim the STRONG assurance level, with evidence."),
  deployment_mode: choice(
    "Where Nomos runs.",
    ["ci", "k8s", "remote_dev", "unmanaged"],
    "unmanaged",
  ),
  evidence,
});

const route = z.strictObject({
  url: z.string().min(1).describe("Absolute URL that requests may go to."),
  methods: list("HTTP methods; empty is any."),
  path_prefix: text("Path that requests must begin with, at a segment boundary."),
}).register(keyNotes, { shorthand: "url" });

const toolPins = section("Pins of upstream tool definitions (earlier place of mcp.tool_pins).", {
  file: path("File that holds the pins."),
  mode: z.enum(["record", "strict", "off"]).optional().describe("What a changed definition does."),
});

/** `upstream`: where `net.http_request` may go. */
export const upstream = section("Upstream HTTP routes.", {
  routes: z.array(route).default([]).describe(
    "Routes of net.http_request; none is no restriction beyond policy. A plain URL stands for {url}.",
  ),
  tool_pins: toolPins,
});
