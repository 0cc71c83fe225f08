import * as z from "zod";
import {
  choice,
  count,
  flag,
  keyNotes,
  list,
  milliseconds,
  optionalCount,
  optionalMilliseconds,
  path,
  requiredText,
  secret,
  section,
  text,
  textOr,
} from "../keys.ts";

const timeouts = section("Time limits of upstream servers.", {
  initialize_timeout_ms: milliseconds("Start and handshake.", 5000),
  enumerate_timeout_ms: milliseconds("Listing tools, resources and prompts.", 5000),
  call_timeout_ms: milliseconds("One call.", 30_000),
  stream_timeout_ms: milliseconds("Silence on a stream.", 30_000),
});

const ownTimeouts = section("Time limits of this server; absent ones are those of mcp.timeouts.", {
  initialize_timeout_ms: optionalMilliseconds("Start and handshake."),
  enumerate_timeout_ms: optionalMilliseconds("Listing tools, resources and prompts."),
  call_timeout_ms: optionalMilliseconds("One call."),
  stream_timeout_ms: optionalMilliseconds("Silence on a stream."),
});

const breaker = section("Breaker of upstream servers.", {
  enabled: flag("Stop calling a server that keeps failing.", true),
  failure_threshold: count("Failures that open it.", 5),
  failure_window_ms: milliseconds("Within this time.", 60_000),
  open_timeout_ms: milliseconds("How long it stays open before one probe.", 30_000),
});

const ownBreaker = section("Breaker of this server; absent keys are those of mcp.breaker.", {
  enabled: z.boolean().optional().describe("Stop calling this server when it keeps failing."),
  failure_threshold: optionalCount("Failures that open it."),
  failure_window_ms: optionalMilliseconds("Within this time."),
  open_timeout_ms: optionalMilliseconds("How long it stays open before one probe."),
});

const auth = z.strictObject({
  type: z.enum(["bearer", "header"]).describe("How the server wants to be told who calls."),
  token: secret("Bearer token."),
  header: text("Header name."),
  value: secret("Header value."),
  values: z.record(
    z.string().min(1),
    z.string().min(1).register(keyNotes, { secret: "value", lookup: true }),
  )
    .optional().describe("Several headers by name."),
});

const broker = z.strictObject({
  profile: text("Id of the secret in credentials.secrets."),
  secret_id: text("Earlier name of profile."),
  mode: z.enum(["bearer", "header", "env", "file"]).describe("How the secret reaches the server."),
  header: text("Header name, with mode header."),
  env: text("Variable name, with modes env and file."),
  file_name: text("File name, with mode file."),
  refresh_before_expiry_ms: optionalCount("Renew the lease this long before it ends.", {
    min: 0,
    max: 2_147_483_647,
  }),
});

const server = z.strictObject({
  name: requiredText("Name in tool names and in mcp://<name>/… resources."),
  transport: z.enum(["stdio", "streamable_http", "sse"]).describe("How to reach the server."),
  command: text("Program to start (stdio).", { path: "command" }),
  args: z.array(z.string()).default([]).describe("Arguments of the program."),
  env_allowlist: list("Variables of Nomos' own environment that it gets, by exact name."),
  env: z.record(z.string().min(1), z.string().register(keyNotes, { secret: "value" })).default({})
    .describe("Further variables it gets."),
  workdir: path("Folder it is started in."),
  endpoint: text("URL of the server (streamable_http).", { secret: "url" }),
  allowed_hosts: list("Hosts that the endpoint may have."),
  tls_insecure: flag("Accept plain http and unverified certificates; for development only."),
  tls_ca_file: path("Authorities the server's certificate may be signed by, PEM."),
  tls_cert_file: path("Client certificate, PEM."),
  tls_key_file: path("Private key of the client certificate, PEM."),
  auth: auth.optional().describe("Static credentials."),
  credentials: broker.optional().describe("A leased secret instead of static credentials."),
  timeouts: ownTimeouts,
  breaker: ownBreaker,
  allow_missing_tool_schemas: flag("Offer tools that declare no input schema."),
  naming: choice(
    "`prefixed` names tools upstream_<server>_<tool>, `transparent` keeps the server's names.",
    ["prefixed", "transparent"],
    "prefixed",
  ),
  required: flag("Fail the start when the server cannot be reached.", true),
});

const toolPins = section("Pins of upstream tool definitions.", {
  file: textOr("File that holds the pins.", "upstream-tool-pins.json", { path: "path" }),
  mode: choice(
    "`record` pins what is seen first, `strict` offers pinned tools only, `off` pins nothing.",
    ["record", "strict", "off"],
    "record",
  ),
});

/** `mcp`: the MCP server and the upstream servers behind it. */
export const mcp = section("MCP server and upstream servers.", {
  enabled: flag("Offer the MCP server (nomos mcp)."),
  upstream_servers: z.array(server).default([]).describe("MCP servers that Nomos governs."),
  timeouts,
  breaker,
  session_idle_timeout_ms: milliseconds("Idle sessions end after this time.", 1_800_000),
  max_sessions: count("Most sessions at one time.", 1000),
  list_denied_tools: flag("Also list tools that no rule can allow."),
  approvals_via_elicitation: flag("Ask for approvals through the client itself."),
  tool_pins: toolPins,
});
