import { choice, count, flag, path, section, text, textOr } from "../keys.ts";

const MIB = 1024 * 1024;

/** `audit`: where the trail goes. */
export const audit = section("The audit trail.", {
  sink: textOr(
    "Sinks, comma-separated: stdout, stderr, file:<path>, sqlite:<path>, webhook:<url>, postgres:<url>.",
    "stdout",
    { path: "sinks", secret: "url" },
  ),
  durability: choice(
    "`full` survives power loss, `normal` the death of the process only.",
    ["full", "normal"],
    "full",
  ),
  spool_path: text("Spool of webhook sinks; without one they are asked before the answer.", {
    path: "path",
    derived: "nomos-audit-spool.db beside the config file, none in stateless mode",
  }),
  spool_max_bytes: count("Largest spool; a full one is a failed sink.", 256 * MIB, {
    min: MIB,
    max: Number.MAX_SAFE_INTEGER,
  }),
  checkpoint_every: count("Events between two checkpoints.", 1000),
  signing_key_path: path("Ed25519 private key that signs checkpoints, PEM."),
  fail_open: flag("Let actions happen although they cannot be recorded."),
});

/** `telemetry`: traces and metrics; never changes a decision. */
export const telemetry = section("Traces and metrics.", {
  enabled: flag("Send telemetry."),
  sink: textOr("stdout, stderr or otlp:<base url>.", "stdout", { secret: "url" }),
  prometheus: flag("Serve GET /metrics."),
});
