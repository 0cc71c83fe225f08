import { loadConfig } from "../config/mod.ts";
import { fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import { assemble } from "../engine/assemble.ts";
import { faultLine } from "../engine/mod.ts";
import { createDoor } from "../http/mod.ts";
import type { Adapters } from "../ports/mod.ts";

/** How an embedded gateway is made. */
export interface CreateEngineOptions {
  /** Path of the configuration file. */
  readonly configPath: string;
  /** The outside world: `createAdapters()` of `./adapters/deno` or `./adapters/node`, or your own. */
  readonly adapters: Adapters;
  /** Version that audit events and `/version` name; `library` by default. */
  readonly version?: string;
  /** Takes lines for the operator's log; by default nobody does. */
  readonly log?: (line: string) => void;
}

/** A gateway inside your own process. */
export interface EmbeddedEngine {
  /** Serves one request, as `nomos serve` would: `POST /action`, `POST /explain`, … */
  fetch(request: Request): Promise<Response>;
  /** Ends what runs and closes the audit. Call it once, at the end. */
  close(): Promise<void>;
}

/**
 * Builds the whole engine from a configuration file, without listening anywhere.
 *
 * @returns the engine, or every problem that keeps it from starting
 */
export async function createEngine(
  options: CreateEngineOptions,
): Promise<Result<EmbeddedEngine, readonly Problem[]>> {
  const { adapters, version = "library" } = options;
  const loaded = await loadConfig({
    files: adapters.files,
    environment: adapters.environment,
    path: options.configPath,
  });
  if (!loaded.ok) return fail(loaded.reason);
  const log = options.log ?? (() => {});
  const assembled = await assemble(loaded.value, adapters, { engineVersion: version, log });
  if (!assembled.ok) return assembled;
  const stopping = new AbortController();
  const app = createDoor(assembled.value, loaded.value.config, {
    build: { version, commit: "", build_date: "" },
    runtime: adapters.runtime,
    stopping: stopping.signal,
    onFault: (fault) => log(faultLine(fault, assembled.value.engine.snapshot.redactor)),
  });
  return ok({
    fetch: async (request) => await app.fetch(request, { gone: request.signal }),
    close: async () => {
      stopping.abort();
      await assembled.value.close();
    },
  });
}
