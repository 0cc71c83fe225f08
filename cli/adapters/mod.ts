import type { Adapters, ProcessOptions, ProcessRunner } from "../../core/ports/mod.ts";
import { randomIds, systemClock } from "./clock_ids.ts";
import { nativeDigest } from "./digest.ts";
import { processEnvironment } from "./environment.ts";
import { systemFiles } from "./files.ts";

/**
 * Everything this machine offers, as the core's ports. What is heavy loads when it is first used, so that a command
 * pays for nothing it does not touch.
 */
export function createAdapters(): Adapters {
  return {
    runtime: runtimeName(),
    platform: platformName(),
    clock: systemClock,
    ids: randomIds,
    digest: nativeDigest(),
    files: systemFiles(),
    environment: processEnvironment(),
    storage: lazyStorage(),
    http: { send: async (request) => await (await loadHttp()).httpClient.send(request) },
    resolver: { resolve: async (host) => await (await loadHttp()).systemResolver.resolve(host) },
    openDatabase: async (path, options) => {
      const { openSqlite } = await import("./sqlite.ts");
      return await openSqlite(path, options);
    },
    openWorkspace: async (root, options) => {
      const { openWorkspace } = await import("./workspace.ts");
      return await openWorkspace(root, options);
    },
    openProcesses: (options) => Promise.resolve(lazyProcesses(options)),
    probeSandbox: async (profile, options) => {
      const { probeSandbox } = await import("./sandbox/mod.ts");
      return await probeSandbox(profile, options);
    },
  };
}

function loadHttp(): Promise<typeof import("./http_client.ts")> {
  return import("./http_client.ts");
}

function lazyProcesses(options: ProcessOptions): ProcessRunner {
  let opened: Promise<ProcessRunner> | undefined;
  return {
    run: async (request) => {
      opened ??= import("./process_runner.ts").then(({ openProcesses }) => openProcesses(options));
      return await (await opened).run(request);
    },
  };
}

function lazyStorage(): Adapters["storage"] {
  const load = async () => (await import("./storage.ts")).systemStorage();
  return {
    openAppend: async (path) => await (await load()).openAppend(path),
    tryLock: async (path) => await (await load()).tryLock(path),
    writeStream: async (stream, bytes) => await (await load()).writeStream(stream, bytes),
  };
}

function runtimeName(): string {
  if ("Deno" in globalThis) return `deno ${Deno.version.deno}`;
  return `node ${process.versions.node}`;
}

function platformName(): Adapters["platform"] {
  const name = "Deno" in globalThis ? Deno.build.os : process.platform;
  if (name === "linux" || name === "darwin") return name;
  return name === "windows" || name === "win32" ? "windows" : "other";
}
