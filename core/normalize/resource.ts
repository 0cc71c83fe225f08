import { characterFlaws, echo, fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import { ownersOfScheme, type Resource, schemesOf } from "../model/mod.ts";
import { normalizeFile } from "./file.ts";
import { normalizeMcp } from "./mcp.ts";
import { normalizeNamed } from "./named.ts";
import { normalizeNetwork } from "./network.ts";
import type { NormalizeParts, RawResource } from "./parts.ts";
import { trimAscii } from "./text.ts";

/** Who normalizes a scheme; all others are custom ones and follow the network rules. */
const FAMILIES: ReadonlyMap<string, NormalizeParts> = new Map([
  ["file", normalizeFile],
  ["repo", normalizeNamed],
  ["secret", normalizeNamed],
  ["url", normalizeNetwork],
  ["mcp", normalizeMcp],
]);

/**
 * Brings a resource into its one spelling, so that a rule that names a thing names it however it is
 * written. Pure: looks at no file and asks no name server.
 *
 * A built-in action type acts on its own schemes only. A custom type acts on custom schemes only: Nomos
 * neither resolves nor holds what a custom action touches, so a rule about `file` or `url` must not turn
 * into a promise about it.
 *
 * @param actionType a well-formed action type
 * @param resource as it was sent
 * @returns the resource, or every rule it breaks, each at `/resource`
 *
 * @example
 * ```ts
 * const r = normalizeResource("net.http_request", "url://Example.COM:443//a/");
 * if (r.ok) r.value.uri; // "url://example.com/a"
 * ```
 */
export function normalizeResource(
  actionType: string,
  resource: string,
): Result<Resource, Problem[]> {
  const text = trimAscii(resource);
  const raw = takeApart(text);
  const flaws = characterFlaws(text);
  if (raw === undefined) {
    return problems([...flaws, "it is not of the form <scheme>://<host>/<path>"]);
  }
  if (raw.scheme !== "file" && text.includes("\\")) {
    flaws.push('it has a backslash, expected "/" between segments');
  }
  const owner = ownerFlaw(actionType, raw.scheme);
  if (owner !== undefined) flaws.push(owner);
  const normalize = FAMILIES.get(raw.scheme) ?? normalizeNetwork;
  const parts = normalize(raw, actionType);
  if (!parts.ok) return problems([...flaws, ...parts.reason]);
  if (flaws.length > 0) return problems(flaws);
  const { host, path } = parts.value;
  return ok({ uri: `${raw.scheme}://${host}${path}`, scheme: raw.scheme, host, path });
}

const FORM = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s;

function takeApart(text: string): RawResource | undefined {
  const colon = text.indexOf("://");
  const isFile = text.slice(0, colon).toLowerCase() === "file";
  const form = FORM.exec(isFile ? text.replaceAll("\\", "/") : text);
  const [, scheme, authority, rest] = form ?? [];
  if (scheme === undefined || authority === undefined || rest === undefined) return undefined;
  return { scheme: scheme.toLowerCase(), authority, rest };
}

function ownerFlaw(actionType: string, scheme: string): string | undefined {
  const own = schemesOf(actionType);
  if (own.includes(scheme)) return undefined;
  const shown = `${echo(scheme)}://`;
  if (own.length > 0) {
    const expected = own.map((name) => `${name}://`).join(" or ");
    return `${actionType} does not act on ${shown}, expected ${expected}`;
  }
  return ownersOfScheme(scheme) &&
    `a custom action type does not act on ${shown}, expected a scheme of its own`;
}

/** A long path can break a rule in each of its segments; nobody reads more than this. */
const MAX_PROBLEMS = 20;

function problems(flaws: readonly string[]): Result<never, Problem[]> {
  return fail(
    flaws.slice(0, MAX_PROBLEMS).map((flaw) => ({
      pointer: "/resource",
      message: `Cannot normalize the resource: ${flaw}`,
    })),
  );
}
