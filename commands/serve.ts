import { BUILD } from "./build_info.ts";
import { CommandFailure, defineCommand, option } from "./command.ts";

/** `nomos serve`. */
export const serve = defineCommand({
  path: ["serve"],
  summary: "Serve the HTTP gateway",
  description:
    "Serves the HTTP gateway until SIGINT or SIGTERM. Start-up checks everything first: a configuration, bundle, sink or\n" +
    "workspace that cannot be used stops it with every problem named.",
  options: {
    config: option.requiredText("-c, --config <path>", "configuration file", {
      env: "NOMOS_CONFIG",
    }),
    bundle: option.text(
      "-p, --policy-bundle <path>",
      "bundle to use instead of the configured one",
      {
        env: "NOMOS_POLICY_BUNDLE",
      },
    ),
    listen: option.text(
      "--listen <address>",
      "address to listen on, :port or host:port; port 0 takes a free one",
    ),
    logFormat: option.choice(
      "--log-format <format>",
      "how lines of the log on stderr are written",
      ["text", "json"],
      "text",
    ),
  },
  examples: [
    {
      line: "nomos serve -c nomos.json --log-format json",
      why: "log one JSON object a line, for a collector",
    },
    { line: "nomos serve -c nomos.json", why: "serve as the configuration says" },
    {
      line: "nomos serve -c nomos.json --listen 127.0.0.1:0",
      why: "on a free port, which the first line on stderr names",
    },
  ],
  exitCodes: [
    { code: 0, when: "stopped by SIGINT or SIGTERM after open requests ended" },
    { code: 2, when: "the configuration, a bundle, a sink or the workspace cannot be used" },
    { code: 70, when: "internal error" },
    { code: 130, when: "a second signal ended it at once" },
  ],
  async run(context, options) {
    // Asked for first: a signal that comes while starting is heard.
    const { stop } = context;
    const { startGateway } = await import("./gateway.ts");
    const log = await context.openLog(options.logFormat);
    const started = await startGateway(context, {
      log,
      configPath: options.config,
      overrides: {
        ...(options.bundle === undefined ? {} : { policyBundle: options.bundle }),
        ...(options.listen === undefined ? {} : { listen: options.listen }),
      },
      build: BUILD,
    });
    if (!started.ok) throw new CommandFailure(2, started.reason.join("\n"));
    const gateway = started.value;
    log.info(
      `nomos ${BUILD.version} listening on ${gateway.url} (policy ${
        gateway.policyHash.slice(0, 12)
      }, ` +
        `assurance ${gateway.assurance})`,
    );
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener("abort", () => resolve(), { once: true });
    });
    log.info("nomos stopping: no new requests, waiting for open ones");
    await gateway.close();
    return 0;
  },
});
