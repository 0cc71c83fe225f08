import type { TryListen } from "../core/doctor/mod.ts";
import { BUILD } from "./build_info.ts";
import { type CommandContext, defineCommand, option } from "./command.ts";
import { CONFIG_OPTIONS } from "./config_input.ts";

/** `nomos doctor`. */
export const doctor = defineCommand({
  path: ["doctor"],
  summary: "Check that this installation is ready, and say what to do if not",
  description:
    "Looks at the configuration, the policy and the machine without starting anything. Every check that does not pass says\n" +
    "what to do. The same installation gives the same report, byte for byte.",
  options: {
    ...CONFIG_OPTIONS,
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
    strict: option.flag("--strict", "warnings count as failures"),
  },
  examples: [
    { line: "nomos doctor -c nomos.json", why: "before serving" },
    { line: "nomos doctor -c nomos.json --strict --format json", why: "in a deployment pipeline" },
  ],
  exitCodes: [
    { code: 0, when: "READY" },
    { code: 1, when: "NOT_READY: a check failed, or warned with --strict" },
    { code: 2, when: "bad usage" },
    { code: 70, when: "internal error" },
  ],
  async run(context, options) {
    const { reportText, runDoctor } = await import("../core/doctor/mod.ts");
    const report = await runDoctor({
      adapters: context.adapters,
      path: options.config,
      overrides: options.bundle === undefined ? {} : { policyBundle: options.bundle },
      engineVersion: BUILD.version,
      tryListen: tryListen(context),
      strict: options.strict,
    });
    const { terminal } = context;
    if (options.format === "json") terminal.out(`${JSON.stringify(report, null, 2)}\n`);
    else terminal.out(reportText(report, { color: terminal.color }));
    return report.overall_status === "READY" ? 0 : 1;
  },
});

/** Listens for a moment, answering nobody. */
function tryListen({ listen }: CommandContext): TryListen {
  return async ({ address, tls }) => {
    try {
      const listener = await listen({
        address,
        kind: "node",
        maxBodyBytes: 0,
        handler: () => new Response(null, { status: 503 }),
        ...(tls?.cert_file !== undefined && tls.key_file !== undefined && {
          tls: {
            certFile: tls.cert_file,
            keyFile: tls.key_file,
            requireClientCertificate: tls.require_mtls,
            ...(tls.client_ca_file !== undefined && { clientCaFile: tls.client_ca_file }),
          },
        }),
      });
      await listener.close(0);
      return { ok: true, value: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ok: false, reason: listenState(error) };
    }
  };
}

const STATES: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there",
  EACCES: "this user may not listen there",
  EADDRNOTAVAIL: "this machine has no such address",
};

function listenState(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  return STATES[code] ?? error.message;
}
