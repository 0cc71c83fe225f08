import type { Config } from "../config/mod.ts";
import type { Assembly } from "../engine/assemble.ts";
import { createApp, type HttpDoor, type HttpOptions } from "./app.ts";
import type { ReadinessReport } from "./readiness.ts";

/** The build that `/version` tells of. */
export interface DoorBuild {
  readonly version: string;
  readonly commit: string;
  readonly build_date: string;
}

/** What the HTTP door depends on besides engine and config. */
export interface DoorOptions {
  readonly build: DoorBuild;
  readonly runtime: string;
  /** Aborted once shutdown began. */
  readonly stopping: AbortSignal;
  readonly onFault: (fault: unknown) => void;
}

/** Attaches the HTTP door to an engine, as the config says. */
export function createDoor(
  assembly: Assembly,
  config: Config,
  options: DoorOptions,
): HttpDoor {
  const { build, runtime, stopping, onFault } = options;
  const settings: HttpOptions = {
    engine: assembly.engine,
    maxBodyBytes: config.gateway.max_body_bytes,
    allowedHosts: config.gateway.allowed_hosts,
    version: {
      version: build.version,
      commit: build.commit,
      build_date: build.build_date,
      runtime,
    },
    stopping,
    readiness: () => Promise.resolve(readinessOf(assembly, stopping)),
    onFault,
  };
  return createApp(settings);
}

/** Strangers may ask: they learn which check fails, and nothing of paths or disks. */
function readinessOf(assembly: Assembly, stopping: AbortSignal): ReadinessReport {
  const failing: { id: string; message: string }[] = [];
  if (!assembly.recorder.health().ok) {
    failing.push({
      id: "audit.sink_writable",
      message: "an audit sink does not take records",
    });
  }
  if (stopping.aborted) {
    failing.push({ id: "gateway.serving", message: "shutting down" });
  }
  return { ready: failing.length === 0, failing };
}
