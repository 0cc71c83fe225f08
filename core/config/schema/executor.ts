import * as z from "zod";
import {
  choice,
  count,
  flag,
  keyNotes,
  list,
  milliseconds,
  optionalCount,
  requiredText,
  secret,
  section,
} from "../keys.ts";

/** Variables of the parent that a child may get when an action names them. */
const SAFE_VARIABLES = ["PATH", "HOME", "LANG", "LC_ALL", "TERM", "TZ"];

/** `executor`: what actions may touch and use. */
export const executor = section("How actions are performed.", {
  workspace_root: z.string().min(1).register(keyNotes, {
    path: "path",
    derived: "the working directory",
  }).describe("The one folder actions may touch."),
  max_output_bytes: count("Most bytes of output that come back.", 65_536),
  max_output_lines: count("Most lines of output that come back.", 200),
  sandbox_enabled: flag("Offer a sandbox; chooses the default of sandbox_profile."),
  sandbox_profile: z.enum(["none", "local", "container"]).register(keyNotes, {
    derived: "local when sandbox_enabled, else none",
  }).describe("Confinement offered, and used where no rule asks for one."),
  sandbox_local_fallback: choice(
    "What `local` means where the system has no sandbox: nothing, or process-level confinement.",
    ["none", "process"],
    "none",
  ),
  sandbox_network: choice(
    "Network of sandboxed processes: none, or the host's for rules with a net_allowlist.",
    ["none", "host"],
    "none",
  ),
  exec_timeout_ms: milliseconds("How long a process may run.", 30_000),
  http_timeout_ms: milliseconds("How long an HTTP request may take.", 5000),
  max_write_bytes: optionalCount(
    "Largest content of a write; absent, the limits of requests hold.",
  ),
  env_allowlist: list(
    "Variables of Nomos' own environment that actions may ask for.",
    SAFE_VARIABLES,
  ),
  path: z.string().min(1).register(keyNotes, { derived: "PATH of the environment" }).describe(
    "Folders that programs are looked up in.",
  ),
  allow_private_networks: list(
    "Private, loopback and link-local address ranges (CIDR) that requests may reach.",
  ),
});

const credential = z.strictObject({
  id: requiredText("Name that actions check the secret out by."),
  env_key: requiredText("Variable that carries the secret into a process."),
  value: secret("The secret."),
  ttl_seconds: z.int().max(315_360_000).optional().describe("How long a lease of it lasts."),
});

/** `credentials`: secrets that actions may use and never see. */
export const credentials = section("Secrets leased to actions.", {
  enabled: flag("Offer leases."),
  secrets: z.array(credential).default([]).describe("The secrets."),
});
