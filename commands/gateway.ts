import { type Config, type ConfigOverrides, loadConfig } from "../core/config/mod.ts";
import { fail, formatProblem, ok, type Result } from "../core/encoding/mod.ts";
import { assemble, type Assembly } from "../core/engine/assemble.ts";
import type { AssuranceLevel } from "../core/model/mod.ts";
import type { CommandContext, Listener, ListenOptions, OperatorLog } from "./command.ts";
import { faultLine } from "../core/engine/mod.ts";
import { createDoor, type DoorBuild } from "../core/http/mod.ts";

/** What the gateway is started with. */
export interface GatewayRequest {
  readonly log: OperatorLog;
  readonly configPath: string;
  readonly overrides: ConfigOverrides;
  readonly build: DoorBuild;
}

/** A running gateway. */
export interface Gateway {
  /** Where it listens, `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly policyHash: string;
  readonly assurance: AssuranceLevel;
  /** Takes nothing new, lets open requests end, cancels the rest, closes approvals and, last, the audit. */
  close(): Promise<void>;
}

/** Time for cancelled actions to be answered before their connections are cut, in milliseconds. */
const CANCEL_GRACE_MS = 1_000;

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
  for (const warning of loaded.value.warnings) request.log.warning(warning);
  const assembled = await assemble(loaded.value, adapters, {
    engineVersion: request.build.version,
    log: (line) => request.log.warning(line),
  });
  if (!assembled.ok) return fail(assembled.reason.map(formatProblem));
  try {
    return ok(await openDoor(context, request, loaded.value.config, assembled.value));
  } catch (error) {
    await assembled.value.close();
    if (!(error instanceof Error)) throw error;
    return fail([listenFailure(error, loaded.value.config.gateway.listen)]);
  }
}

async function openDoor(
  context: CommandContext,
  request: GatewayRequest,
  config: Config,
  assembly: Assembly,
): Promise<Gateway> {
  const { gateway } = config;
  const stopping = new AbortController();
  const onFault = (fault: unknown) =>
    request.log.error(faultLine(fault, assembly.engine.snapshot.redactor));
  const app = createDoor(assembly, config, {
    build: request.build,
    runtime: context.adapters.runtime,
    stopping: stopping.signal,
    onFault,
  });
  const listener = await context.listen({
    address: gateway.listen,
    kind: gateway.listener,
    maxBodyBytes: gateway.max_body_bytes,
    ...tlsOf(config),
    onFault,
    handler: (incoming, info) => app.fetch(incoming, info),
  });
  return {
    url: urlOf(listener, config),
    policyHash: assembly.engine.snapshot.policy.provenance.hash,
    assurance: assembly.engine.snapshot.assurance,
    close: async () => {
      stopping.abort();
      await listener.drain(gateway.shutdown_timeout_ms);
      assembly.engine.stop();
      await listener.close(CANCEL_GRACE_MS);
      await assembly.close();
    },
  };
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

/** What keeps us from listening: settings say so themselves, systems have codes. */
function listenFailure(error: Error, listen: string): string {
  if (error instanceof TypeError) return error.message;
  const code = "code" in error ? String(error.code) : error.name;
  const state = LISTEN_STATES[code] ?? error.message;
  return `Cannot listen on "${listen}": ${state}, expected a free address`;
}

const IN_USE = "another process listens there";
const NOT_ALLOWED = "this user may not listen there";
const NO_ADDRESS = "this machine has no such address";

/** By the codes of Node and the names of Deno. */
const LISTEN_STATES: Readonly<Record<string, string>> = {
  EADDRINUSE: IN_USE,
  AddrInUse: IN_USE,
  EACCES: NOT_ALLOWED,
  PermissionDenied: NOT_ALLOWED,
  EADDRNOTAVAIL: NO_ADDRESS,
  AddrNotAvailable: NO_ADDRESS,
};
