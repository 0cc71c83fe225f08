import {
  fail,
  formatProblem,
  fromPointer,
  isJsonObject,
  ok,
  type ParsedDocument,
  parseDocument,
  type Problem,
  type Result,
  toPointer,
} from "../encoding/mod.ts";
import { type Environment, FileError, type Files } from "../ports/mod.ts";
import { fillDerived } from "./derived.ts";
import { type ConfigOverrides, layConfig, type Layers, unknownVariables } from "./layers.ts";
import { type Lookups, lookUpSecrets } from "./lookups.ts";
import { resolvePaths } from "./resolve_paths.ts";
import { RULES } from "./rules/mod.ts";
import type { Config } from "./schema.ts";
import { checkShape, type Draft, safePath } from "./shape.ts";
import type { Sources } from "./sources.ts";
import { deepFreeze, dotted, isWithin } from "./tree.ts";

/** Where a config comes from. */
export interface ConfigRequest {
  readonly files: Files;
  readonly environment: Environment;
  /** Path of the config file, taken from the working directory. */
  readonly path: string;
  readonly overrides?: ConfigOverrides;
}

/** A config that was read and found to be good. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the file. */
  readonly path: string;
  /** Folder that the paths of the file were taken from. */
  readonly folder: string;
  readonly sources: Sources;
  /** Absolute paths of files that secrets were read from. */
  readonly secretFiles: readonly string[];
  /** What is probably a mistake, and harms nothing. */
  readonly warnings: readonly string[];
}

/** A config that needs more than this is a mistake. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/**
 * Reads a config: the file, the environment over it, the flags over both; looks up secrets, fills in defaults,
 * makes paths absolute and checks everything.
 *
 * @returns the config, deeply frozen, or every problem of it with its place
 */
export async function loadConfig(request: ConfigRequest): Promise<Result<LoadedConfig, Problem[]>> {
  const { files, environment } = request;
  const path = files.resolve(files.cwd, request.path);
  const folder = files.dirname(path);
  const bytes = await readFile(files, path, request.path);
  if (!bytes.ok) return fail([bytes.reason]);
  const parsed = await parseDocument(bytes.value, {
    file: request.path,
    maxBytes: MAX_CONFIG_BYTES,
  });
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  if (!isJsonObject(document.value)) return fail([notAnObject(request.path)]);
  const overrides = request.overrides ?? {};
  const layers = layConfig({ document: document.value, environment, files, overrides });
  const lookups = await lookUpSecrets(layers.tree, { environment, files, folder });
  const { config, problems } = await check(layers, { environment, files, folder });
  const placing = { document, layers, file: request.path };
  const found = [...place([...lookups.problems, ...problems], placing), ...layers.problems];
  if (config === undefined || found.length > 0) return fail(found);
  return ok({
    config: deepFreeze(config),
    path,
    folder,
    sources: layers.sources,
    secretFiles: lookups.files,
    warnings: warningsOf(config, environment, lookups),
  });
}

function notAnObject(file: string): Problem {
  const message = "Cannot read the config: it holds no members, expected an object";
  return { pointer: "", message, file, position: { line: 1, column: 1 } };
}

async function readFile(
  files: Files,
  path: string,
  name: string,
): Promise<Result<Uint8Array, Problem>> {
  try {
    return ok(await files.read(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const state = error.code === "not_found" ? "there is no such file" : error.code;
    const message = `Cannot read the config: ${state.replace("_", " ")}, expected a config file`;
    return fail({ pointer: "", message, file: name });
  }
}

interface Checking {
  readonly environment: Environment;
  readonly files: Files;
  readonly folder: string;
}

async function check(
  { tree, sources }: Layers,
  { environment, files, folder }: Checking,
): Promise<{ config: Draft | undefined; problems: Problem[] }> {
  const refill = () => fillDerived(tree, { cwd: files.cwd, environment });
  const { problems, broken, draft } = checkShape(tree, refill);
  if (draft === undefined) return { config: undefined, problems };
  resolvePaths(draft, folder, files);
  const isKnown = (pointer: string) =>
    broken.some((other) => isWithin(pointer, other) || isWithin(other, pointer));
  for (const rule of RULES) {
    await rule({
      config: draft,
      sources,
      files,
      report(path, state, wish) {
        const shown = safePath(path);
        const pointer = toPointer(shown);
        if (isKnown(pointer)) return;
        problems.push({
          pointer,
          message: `Cannot use ${dotted(shown)}: ${state}, expected ${wish}`,
        });
      },
    });
  }
  return { config: draft, problems };
}

interface Placing {
  readonly document: ParsedDocument;
  readonly layers: Layers;
  readonly file: string;
}

/** Adds to each problem where it stands, and puts them into the order of the file. */
function place(problems: readonly Problem[], placing: Placing): Problem[] {
  const placed = problems.map((problem) => placeOne(problem, placing));
  const line = (problem: Problem) => problem.position?.line ?? Number.POSITIVE_INFINITY;
  const column = (problem: Problem) => problem.position?.column ?? 0;
  return placed
    .toSorted((a, b) => line(a) === line(b) ? column(a) - column(b) : line(a) < line(b) ? -1 : 1)
    .filter((problem, i, all) => formatProblem(problem) !== formatProblem(all[i - 1] ?? NOTHING));
}

const NOTHING: Problem = { pointer: "", message: "" };

function placeOne(problem: Problem, { document, layers, file }: Placing): Problem {
  const source = layers.sources.of(problem.pointer);
  switch (source.kind) {
    case "environment": {
      // A message about a misread variable names it already.
      const named = problem.message.includes(source.variable);
      const hint = named ? "" : ` (set by ${source.variable})`;
      return { pointer: problem.pointer, message: problem.message + hint };
    }
    case "flag":
      return { pointer: problem.pointer, message: `${problem.message} (set by ${source.flag})` };
    case "file":
    case "default": {
      const pointer = layers.moved.get(problem.pointer) ?? problem.pointer;
      const position = locate(document, pointer);
      return { ...problem, pointer, file, ...(position && { position }) };
    }
  }
}

/** The place of a member, or of the innermost object that lacks it. */
function locate(document: ParsedDocument, pointer: string): ReturnType<ParsedDocument["locate"]> {
  for (let path = fromPointer(pointer) ?? []; path.length > 0; path = path.slice(0, -1)) {
    const position = document.locate(toPointer(path));
    if (position !== undefined) return position;
  }
  return document.locate("");
}

function warningsOf(config: Draft, environment: Environment, lookups: Lookups): string[] {
  const used = new Set([
    ...lookups.variables,
    ...config.executor.env_allowlist,
    ...config.mcp.upstream_servers.flatMap((server) => server.env_allowlist),
  ]);
  return unknownVariables(environment, used);
}
