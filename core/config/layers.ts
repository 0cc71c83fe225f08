import { echo, type JsonValue, nearest, type Problem, toPointer } from "../encoding/mod.ts";
import type { Environment, Files } from "../ports/mod.ts";
import { type EnvironmentKey, environmentKeys, OTHER_VARIABLES } from "./env_names.ts";
import { configSchema } from "./schema.ts";
import { Sources } from "./sources.ts";
import {
  emptyTree,
  getAt,
  isTree,
  removeAt,
  setAt,
  toTree,
  type Tree,
  writtenOut,
} from "./tree.ts";
import { itemsOf, notesOf } from "./walk.ts";

/** What the command line sets; it is stronger than the environment and the file. */
export interface ConfigOverrides {
  /** Path of a bundle that replaces all bundles of the config, taken from the working directory. */
  readonly policyBundle?: string;
  /** Replaces `gateway.listen`. */
  readonly listen?: string;
}

/** What a config is put together from. */
export interface LayerInput {
  readonly document: JsonValue;
  readonly environment: Environment;
  readonly files: Files;
  readonly overrides: ConfigOverrides;
}

/** The file, the environment and the flags laid over each other. */
export interface Layers {
  readonly tree: Tree;
  readonly sources: Sources;
  readonly problems: Problem[];
  /** Old pointers of keys that moved, by the new one. */
  readonly moved: ReadonlyMap<string, string>;
}

/** Keys of which only one may be set: setting one by a variable or a flag replaces the other of the file. */
const RIVALS: Readonly<Record<string, readonly string[]>> = {
  "/policy/policy_bundle_path": ["policy", "policy_bundle_paths"],
  "/policy/policy_bundle_paths": ["policy", "policy_bundle_path"],
  "/policy/signature_path": ["policy", "signature_paths"],
  "/policy/signature_paths": ["policy", "signature_path"],
  "/approvals/store": ["approvals", "store_path"],
  "/approvals/store_path": ["approvals", "store"],
};

/** Keys under which existing files know what has another name now. */
const MOVED: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["upstream", "tool_pins", "file"], ["mcp", "tool_pins", "file"]],
  [["upstream", "tool_pins", "mode"], ["mcp", "tool_pins", "mode"]],
];

/** Lays the environment and the flags over the file. */
export function layConfig(input: LayerInput): Layers {
  const file = toTree(input.document, configSchema);
  const fileTree = toTree(input.document, configSchema);
  const sources = new Sources(fileTree);
  const tree = isTree(file) ? file : emptyTree();
  const problems: Problem[] = [];
  for (const key of environmentKeys()) {
    const value = input.environment.get(key.name);
    if (value === undefined || value === "") continue;
    layVariable({ tree, sources, problems }, key, value);
  }
  layIdentity(tree, sources, input.environment);
  layOverrides(tree, sources, input);
  return { tree, sources, problems, moved: moveKeys(tree, sources) };
}

type Target = Pick<Layers, "tree" | "sources" | "problems">;

function layVariable({ tree, sources, problems }: Target, key: EnvironmentKey, text: string): void {
  const value = readVariable(key, text);
  if (value === undefined) {
    const wish = key.kind === "number" ? "a whole number" : "true or false";
    const message = `Cannot read ${key.name} "${echo(text, 40)}": expected ${wish}`;
    problems.push({ pointer: key.pointer, message });
    return;
  }
  const rival = RIVALS[key.pointer];
  if (rival !== undefined) removeAt(tree, rival);
  setAt(tree, key.path, value);
  sources.set(key.pointer, { kind: "environment", variable: key.name });
}

function readVariable(key: EnvironmentKey, text: string) {
  switch (key.kind) {
    case "text":
      return text;
    case "number":
      return /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return BOOLEANS.get(text);
    case "list": {
      const items = itemsOf(key.schema);
      const shorthand = items && notesOf(items).shorthand;
      return text.split(",").map((item) => item.trim()).filter((item) => item !== "")
        .map((item) => shorthand === undefined ? item : writtenOut(item, shorthand));
    }
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** The two variables that add to a record under a name the config knows. */
function layIdentity(tree: Tree, sources: Sources, environment: Environment): void {
  const apiKey = environment.get(OTHER_VARIABLES.apiKey);
  const principal = getAt(tree, ["identity", "principal"]);
  if (apiKey && typeof principal === "string") {
    addTo(tree, sources, ["identity", "api_keys", apiKey], principal, OTHER_VARIABLES.apiKey);
  }
  const secret = environment.get(OTHER_VARIABLES.agentSecret);
  const agent = getAt(tree, ["identity", "agent"]);
  if (secret && typeof agent === "string") {
    addTo(tree, sources, ["identity", "agent_secrets", agent], secret, OTHER_VARIABLES.agentSecret);
  }
}

function addTo(
  tree: Tree,
  sources: Sources,
  path: readonly string[],
  value: string,
  variable: string,
): void {
  setAt(tree, path, value);
  sources.set(toPointer(path), { kind: "environment", variable });
}

function layOverrides(tree: Tree, sources: Sources, input: LayerInput): void {
  const { overrides, environment, files } = input;
  const variable = OTHER_VARIABLES.policyBundle;
  const fromEnvironment = environment.get(variable) || undefined;
  const bundle = overrides.policyBundle ?? fromEnvironment;
  if (bundle !== undefined) {
    // The roles describe the bundles that are replaced here.
    removeAt(tree, ["policy", "policy_bundle_paths"]);
    removeAt(tree, ["policy", "policy_bundle_roles"]);
    setAt(tree, ["policy", "policy_bundle_path"], files.resolve(files.cwd, bundle));
    const source = bundle === fromEnvironment
      ? { kind: "environment" as const, variable }
      : { kind: "flag" as const, flag: "--policy-bundle" };
    sources.set("/policy/policy_bundle_path", source);
  }
  if (overrides.listen !== undefined) {
    setAt(tree, ["gateway", "listen"], overrides.listen);
    sources.set("/gateway/listen", { kind: "flag", flag: "--listen" });
  }
}

function moveKeys(tree: Tree, sources: Sources): Map<string, string> {
  const moved = new Map<string, string>();
  for (const [from, to] of MOVED) {
    const value = getAt(tree, from);
    if (value === undefined || getAt(tree, to) !== undefined) continue;
    setAt(tree, to, value);
    removeAt(tree, from);
    moved.set(toPointer(to), toPointer(from));
    sources.set(toPointer(to), sources.of(toPointer(from)));
  }
  return moved;
}

/**
 * Finds variables that look like ours and set nothing, most likely misspelt.
 *
 * @param used names that the config itself mentions, such as those of `env:NAME`
 */
export function unknownVariables(environment: Environment, used: ReadonlySet<string>): string[] {
  const known = [...environmentKeys().map((key) => key.name), ...Object.values(OTHER_VARIABLES)];
  const names = new Set<string>(known);
  return environment.names()
    .filter((name) => name.startsWith("NOMOS_") && !names.has(name) && !used.has(name))
    .toSorted()
    .map((name) => {
      const near = nearest(name, known);
      const advice = near === undefined ? "" : `, did you mean ${near}?`;
      return `The variable ${echo(name, 80)} sets nothing${advice}`;
    });
}
