/**
 * The rooms of the house and their layers. An import goes to a lower number or stays in its own room; two rooms of
 * one number do not know each other.
 */
const CORE_ROOMS: Readonly<Record<string, number>> = {
  encoding: 0,
  model: 1,
  ports: 2,
  redact: 2,
  patch: 3,
  obligations: 3,
  limits: 3,
  audit: 3,
  approvals: 3,
  identity: 3,
  leases: 3,
  actions: 4,
  normalize: 5,
  policy: 5,
  backends: 5,
  config: 6,
  engine: 7,
  explain: 8,
  doctor: 8,
  telemetry: 8,
  client: 8,
  http: 9,
  mcp: 9,
  ui: 9,
  library: 9.5,
  testing: 10,
};

/** A place in the house: files of one room may know each other. */
export interface Room {
  readonly name: string;
  /** Rooms without a layer (tests, scripts, examples) may import anything, and nothing imports them. */
  readonly layer: number | undefined;
}

/** The npm packages that core may use: none of them touches the host. */
export const CORE_PACKAGES: readonly string[] = [
  "zod",
  "yaml",
  "hono",
  "jose",
  "re2js",
  "@cfworker/json-schema",
  "@noble/hashes",
];

/** The packages only the command line's parser may know, so that they can be exchanged. */
export const PARSER_PACKAGES: readonly string[] = ["commander"];

/**
 * The room a file lies in.
 *
 * @param path From the root of the tree, with forward slashes.
 * @returns `undefined` for a file in no known room: the table above wants a line.
 */
export function roomOf(path: string): Room | undefined {
  const [top = "", second = "", third] = path.split("/");
  if (top === "tests" || top === "scripts" || top === "examples") {
    return { name: top, layer: undefined };
  }
  if (path === "mod.ts") return { name: "mod.ts", layer: 11 };
  if (top === "commands") return { name: "commands", layer: 11 };
  // Below the rest of the command line: adapters serve ports, some of which the commands declare.
  if (path.startsWith("cli/adapters/")) return { name: "cli/adapters", layer: 11.5 };
  if (top === "cli") return { name: "cli", layer: 12 };
  if (path === "core/mod.ts") return { name: "core/mod.ts", layer: 10 };
  if (top !== "core" || third === undefined || !Object.hasOwn(CORE_ROOMS, second)) return undefined;
  return { name: second, layer: CORE_ROOMS[second] };
}

/** The package a bare import belongs to: `@noble/hashes/sha2.js` is of `@noble/hashes`. */
export function packageOf(specifier: string): string {
  const bare = specifier.replace(/^npm:\/?/, "");
  const parts = bare.split("/");
  const name = bare.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0] ?? bare;
  return name.replace(/(.)@.*$/, "$1");
}
