import type { GlobSegment } from "../encoding/mod.ts";
import { ownersOfScheme, schemesOf } from "../model/mod.ts";
import type { Flaw } from "./lint.ts";
import type { Rule } from "./rule.ts";

/** Tells why a rule's resource pattern fits no resource that its action type can have. */
export function resourceFlaw(rule: Rule): Flaw | undefined {
  const why = neverMatches(rule.actionType, rule.glob.segments);
  if (why === undefined) return undefined;
  return { code: "never_matches", message: `never matches anything: ${why}` };
}

type Segments = readonly GlobSegment[];

function neverMatches(type: string, segments: Segments): string | undefined {
  const [first] = segments;
  if (first?.kind === "globstar") return pathFlaw(segments);
  if (
    first?.kind !== "literal" || !/^[a-z][a-z0-9+.-]*:$/.test(first.text) || !isEmpty(segments[1])
  ) {
    return 'its resource has no scheme, expected <scheme>://<host>/<path>, or "**" for everything';
  }
  const scheme = first.text.slice(0, -1);
  return schemeFlaw(type, scheme) ?? hostFlaw(type, scheme, segments) ??
    pathFlaw(segments.slice(3));
}

function isEmpty(segment: GlobSegment | undefined): boolean {
  return segment?.kind === "literal" && segment.text === "";
}

function schemeFlaw(type: string, scheme: string): string | undefined {
  if (type === "*") return undefined;
  const own = schemesOf(type);
  if (own.length > 0) {
    return own.includes(scheme)
      ? undefined
      : `${type} acts on ${own.map((name) => `${name}://`).join(" and ")}, not on ${scheme}://`;
  }
  return ownersOfScheme(scheme) === undefined
    ? undefined
    : `${scheme}:// belongs to ${
      ownersOfScheme(scheme)?.[0]
    }, a type of your own needs a scheme of its own`;
}

function hostFlaw(type: string, scheme: string, segments: Segments): string | undefined {
  const [, , host, ...path] = segments;
  if (host?.kind === "globstar" || path.some(({ kind }) => kind === "globstar")) return undefined;
  if (scheme === "file" && host?.kind === "literal" && host.text !== "workspace") {
    return `the only host of file:// is "workspace"`;
  }
  if (path.length === 0) return `its resource has no path, expected at least "/" behind the host`;
  if ((scheme === "repo" || scheme === "secret") && path.length !== 1) {
    return `${scheme}:// resources have exactly one segment behind the host`;
  }
  if (type === "process.exec" && !fitsRoot(path)) {
    return "the resource of process.exec is always file://workspace/, the workspace it runs in";
  }
  return undefined;
}

function fitsRoot(path: Segments): boolean {
  const [only, ...more] = path;
  return more.length === 0 &&
    (isEmpty(only) || only?.kind === "any" || only?.kind === "wild" && only.text === "*");
}

function pathFlaw(path: Segments): string | undefined {
  for (const [i, part] of path.entries()) {
    if (part.kind !== "literal") continue;
    if (part.text === "." || part.text === "..") return `resources have no "${part.text}" segments`;
    const root = path.length === 1;
    if (part.text === "" && !root) {
      return i === path.length - 1
        ? 'resources do not end in "/": leave it out, or end in "/**" for everything below'
        : "resources have no empty segments";
    }
    if (/%[0-9A-Fa-f]{2}/.test(part.text)) {
      return "patterns are compared with decoded names: write the character instead of its %-form";
    }
  }
  return undefined;
}
