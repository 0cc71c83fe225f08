/** What an action acts on, in its one spelling. */
export interface Resource {
  /** `scheme://host/path`: what policy matches and every record shows. */
  readonly uri: string;
  readonly scheme: string;
  /** As it stands in the URI, with its port if it has one: `example.com:8443`, `[::1]`, `workspace`. */
  readonly host: string;
  /** From its first `/` on; percent-decoded, not meant for the wire. */
  readonly path: string;
}

/**
 * The schemes with a meaning of their own and the action types that act on them. Everything else is a
 * custom scheme, and belongs to custom action types.
 */
const OWNERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["file", ["fs.read", "fs.write", "repo.apply_patch", "process.exec"]],
  ["repo", ["repo.apply_patch"]],
  ["url", ["net.http_request"]],
  ["secret", ["secrets.checkout"]],
  ["mcp", [
    "mcp.call",
    "mcp.resource_read",
    "mcp.prompt_get",
    "mcp.completion",
    "mcp.sample",
    "mcp.elicit",
  ]],
]);

/** The built-in action types that act on a scheme; `undefined` for a custom scheme. */
export function ownersOfScheme(scheme: string): readonly string[] | undefined {
  return OWNERS.get(scheme);
}

/** The built-in schemes an action type acts on; none for a custom type, which takes any custom scheme. */
export function schemesOf(actionType: string): readonly string[] {
  return SCHEMES.get(actionType) ?? NONE;
}

const NONE: readonly string[] = Object.freeze([]);

const SCHEMES: ReadonlyMap<string, readonly string[]> = new Map(
  [...OWNERS.values()].flat().map((type) => [
    type,
    Object.freeze([...OWNERS.keys()].filter((scheme) => OWNERS.get(scheme)?.includes(type))),
  ]),
);
