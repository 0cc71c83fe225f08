import { type Environment, FileError, type Files } from "../../../../core/ports/mod.ts";
import { loadConfig, type LoadedConfig } from "../../../../core/config/mod.ts";
import { formatProblem } from "../../../../core/encoding/mod.ts";
import { systemPaths } from "../../../../cli/adapters/files/paths.ts";

/** A file system of texts by absolute path; a path that ends in `/` is a folder. */
export function memoryFiles(texts: Readonly<Record<string, string>>, cwd = "/work"): Files {
  const encoder = new TextEncoder();
  const missing = (path: string) => new FileError("not_found", `no ${path}`);
  return {
    ...systemPaths(cwd, false),
    read(path) {
      const text = texts[path];
      return text === undefined
        ? Promise.reject(missing(path))
        : Promise.resolve(encoder.encode(text));
    },
    async *stream(path) {
      yield await this.read(path);
    },
    write: () => Promise.reject(new FileError("readonly", "read-only")),
    stat(path) {
      const isFolder = texts[`${path}/`] !== undefined;
      const text = texts[path];
      if (!isFolder && text === undefined) return Promise.resolve(undefined);
      return Promise.resolve({
        kind: isFolder ? "directory" : "file",
        size: text === undefined ? 0 : encoder.encode(text).length,
        identity: `1:${path}`,
        mode: 0o600,
        modifiedMs: 0,
      });
    },
    list: (path) =>
      Promise.resolve(
        Object.keys(texts).filter((name) => name.startsWith(`${path}/`) && name !== `${path}/`)
          .map((name) => name.slice(path.length + 1)),
      ),
    realPath: (path) => Promise.resolve(path),
    remove: (path) => Promise.reject(missing(path)),
  };
}

/** An environment of exactly these variables. */
export function environmentOf(variables: Readonly<Record<string, string>> = {}): Environment {
  return { get: (name) => variables[name], names: () => Object.keys(variables) };
}

/** The least that a config must hold. */
export const MINIMAL = {
  policy: { policy_bundle_path: "bundle.yaml" },
  identity: {
    principal: "system",
    agent: "nomos",
    environment: "dev",
    api_keys: { "dev-api-key": "system" },
    agent_secrets: { nomos: "dev-agent-secret" },
  },
};

/** Lays changes over a config: `null` removes, objects merge. */
export function patched(base: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof base === "object" && base !== null && !Array.isArray(base);
  const result: Record<string, unknown> = isObject ? { ...base } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = patched(result[name], value);
  }
  return result;
}

/** What a config is loaded from. */
export interface Given {
  /** Changes to {@link MINIMAL}, or the text of the file. */
  readonly config?: unknown;
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly overrides?: { policyBundle?: string; listen?: string };
}

/** Loads `/etc/nomos/config.json`, run from `/work`. */
export function load(given: Given = {}): ReturnType<typeof loadConfig> {
  const text = typeof given.config === "string"
    ? given.config
    : JSON.stringify(patched(MINIMAL, given.config ?? {}), null, 2);
  return loadConfig({
    files: memoryFiles({ ...given.files, "/etc/nomos/config.json": text }),
    environment: environmentOf(given.variables),
    path: "/etc/nomos/config.json",
    ...(given.overrides && { overrides: given.overrides }),
  });
}

/** Loads a config that must be good. */
export async function loaded(given: Given = {}): Promise<LoadedConfig> {
  const result = await load(given);
  if (!result.ok) throw new Error(result.reason.map(formatProblem).join("\n"));
  return result.value;
}
