import type { Config } from "../core/config/mod.ts";
import { loadConfig } from "../core/config/mod.ts";
import type { ConfigOverrides } from "../core/config/mod.ts";
import { fail, formatProblem, ok, type Result } from "../core/encoding/mod.ts";
import { assemble, type Assembly } from "../core/engine/assemble.ts";
import { createApp, type ReadinessReport } from "../core/http/mod.ts";
import type { AssuranceLevel } from "../core/model/mod.ts";
import type { CommandContext, Listener, ListenOptions } from "./command.ts";

/** What the gateway is started with. */
export interface GatewayRequest {
  readonly configPath: string;
  readonly overrides: ConfigOverrides;
  readonly build: {
    readonly version: string;
    readonly commit: string;
    readonly build_date: string;
  };
}

/** A running gateway. */
export interface Gateway {
  /** Where it listens, `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly policyHash: string;
  readonly assurance: AssuranceLevel;
  /** Stops accepting, lets open requests end, ends the rest, closes approvals and, last, the audit. */
  close(): Promise<void>;
}

/**
 * Reads the configuration, builds the engine and listens.
 *
 * @returns every problem as a line
 */
export async function startGateway(
  context: CommandContext,
  request: GatewayRequest,
): Promise<Result<Gateway, readonly string[]>> {
  const { adapters } = context;
  const loaded = await loadConfig({
    files: adapters.files,
    environment: adapters.environment,
    path: request.configPath,
    overrides: request.overrides,
  });
  if (!loaded.ok) return fail(loaded.reason.map(formatProblem));
  for (const warning of loaded.value.warnings) context.terminal.err(`warning: ${warning}\n`);
  const assembled = await assemble(loaded.value, adapters, {
    engineVersion: request.build.version,
    log: (line) => context.terminal.err(`${line}\n`),
  });
  if (!assembled.ok) return fail(assembled.reason.map(formatProblem));
  try {
    return ok(await openDoor(context, request, loaded.value.config, assembled.value));
  } catch (error) {
    await assembled.value.close();
    if (!(error instanceof Error)) throw error;
    const { listen } = loaded.value.config.gateway;
    return fail([`Cannot listen on "${listen}": ${listenState(error)}, expected a free address`]);
  }
}

async function openDoor(
  context: CommandContext,
  request: GatewayRequest,
  config: Config,
  assembly: Assembly,
): Promise<Gateway> {
  let stopping = false;
  const app = createApp({
    engine: assembly.engine,
    maxBodyBytes: config.gateway.max_body_bytes,
    version: { ...request.build, runtime: context.adapters.runtime },
    stopping: () => stopping,
    readiness: () => Promise.resolve(readiness(assembly, stopping)),
  });
  const listener = await context.listen({
    address: config.gateway.listen,
    kind: config.gateway.listener,
    maxBodyBytes: config.gateway.max_body_bytes,
    ...tlsOf(config),
    handler: (incoming, info) => app.fetch(incoming, info),
  });
  return {
    url: urlOf(listener, config),
    policyHash: assembly.engine.snapshot.policy.provenance.hash,
    assurance: assembly.engine.snapshot.assurance,
    close: async () => {
      stopping = true;
      await listener.close(config.gateway.shutdown_timeout_ms);
      await assembly.close();
    },
  };
}

function readiness(assembly: Assembly, stopping: boolean): ReadinessReport {
  const audit = assembly.recorder.health();
  const failing = audit.sinks.filter((sink) => !sink.ok).map((sink) => ({
    id: "audit.sink_writable",
    message: `${sink.name}: ${sink.message ?? "does not take records"}`,
  }));
  if (stopping) failing.push({ id: "gateway.serving", message: "shutting down" });
  return { ready: failing.length === 0 && audit.ok, failing };
}

function tlsOf(config: Config): Pick<ListenOptions, "tls"> {
  const { tls } = config.gateway;
  if (!tls.enabled || tls.cert_file === undefined || tls.key_file === undefined) return {};
  return {
    tls: {
      certFile: tls.cert_file,
      keyFile: tls.key_file,
      ...(tls.client_ca_file === undefined ? {} : { clientCaFile: tls.client_ca_file }),
      requireClientCertificate: tls.require_mtls,
    },
  };
}

function urlOf(listener: Listener, config: Config): string {
  const scheme = config.gateway.tls.enabled ? "https" : "http";
  const host = listener.host.includes(":") ? `[${listener.host}]` : listener.host;
  return `${scheme}://${host}:${listener.port}`;
}

function listenState(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  if (code === "EADDRINUSE" || code === "AddrInUse") return "another process listens there";
  if (code === "EACCES" || code === "PermissionDenied") return "this user may not listen there";
  if (code === "EADDRNOTAVAIL" || code === "AddrNotAvailable") {
    return "this machine has no such address";
  }
  return error.message;
}
