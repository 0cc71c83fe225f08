import { fail, normalizeHost, ok, type Result } from "../encoding/mod.ts";
import type { Facets, HostRule } from "../model/mod.ts";

/** Where a request goes, as far as hosts are concerned. */
export type HostTarget = Pick<NonNullable<Facets["http"]>, "scheme" | "host" | "port">;

const PLAIN = "http://";

/**
 * Reads one entry of a `net_allowlist`.
 *
 * @param text `host`, `host:port`, `*.example.com`, or one of these after `http://`
 * @returns the rule, or what is wrong with the entry (a phrase for a message)
 */
export function parseHostRule(text: string): Result<HostRule, string> {
  const plainHttp = text.toLowerCase().startsWith(PLAIN);
  const rest = plainHttp ? text.slice(PLAIN.length) : text;
  if (rest.includes("/")) {
    return fail(
      'a scheme or path does not belong here, expected only a host ("https" needs no prefix)',
    );
  }
  const subdomains = rest.startsWith("*.");
  const name = subdomains ? rest.slice(2) : rest;
  if (name.includes("*")) {
    return fail(
      'a "*" may only stand for whole subdomains, expected "*." at the start and a name behind it',
    );
  }
  const host = normalizeHost(name);
  if (!host.ok) return host;
  const { bare, port } = splitNormalized(host.value);
  if (subdomains && isAddress(bare)) return fail("an address has no subdomains");
  return ok(Object.freeze({
    text,
    host: bare,
    subdomains,
    plainHttp,
    ...(port === undefined ? {} : { port }),
  }));
}

/** A rule in its one spelling: rules that admit the same look the same. */
export function formatHostRule(rule: HostRule): string {
  const port = rule.port === undefined ? "" : `:${rule.port}`;
  return `${rule.plainHttp ? PLAIN : ""}${rule.subdomains ? "*." : ""}${rule.host}${port}`;
}

/**
 * Tells whether a `net_allowlist`, merged or not, admits a host: every list of it must.
 *
 * Plain HTTP needs an entry with `http://`, or a loopback host that is listed by its own name.
 *
 * @example
 * ```ts
 * const rule = parseHostRule("*.example.com");
 * if (rule.ok) hostAdmitted([[rule.value]], { scheme: "https", host: "a.example.com", port: 443 }); // true
 * ```
 */
export function hostAdmitted(
  lists: readonly (readonly HostRule[])[],
  target: HostTarget,
): boolean {
  return lists.every((list) => list.some((rule) => admits(rule, target)));
}

function admits(rule: HostRule, target: HostTarget): boolean {
  const port = target.port === 80 || target.port === 443 ? undefined : target.port;
  if (rule.port !== port || !coversHost(rule, target.host)) return false;
  return target.scheme === "https" ? !rule.plainHttp : rule.plainHttp || admitsPlainLoopback(rule);
}

function coversHost(rule: HostRule, host: string): boolean {
  return rule.subdomains ? host.endsWith(`.${rule.host}`) : host === rule.host;
}

/** Whether an entry without `http://` admits plain HTTP too. */
function admitsPlainLoopback(rule: HostRule): boolean {
  return !rule.plainHttp && !rule.subdomains && isLoopback(rule.host);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function isAddress(host: string): boolean {
  return host.startsWith("[") || /^[0-9.]+$/.test(host);
}

function splitNormalized(host: string): { bare: string; port: number | undefined } {
  const match = /^(.*?)(?::([0-9]+))?$/.exec(
    host.startsWith("[") ? host.slice(host.indexOf("]")) : host,
  );
  const port = match?.[2];
  if (port === undefined) return { bare: host, port: undefined };
  return { bare: host.slice(0, host.length - port.length - 1), port: Number(port) };
}

/**
 * The hosts that both lists admit, as one list: of two entries that overlap one always covers the other.
 */
export function intersectHosts(a: readonly HostRule[], b: readonly HostRule[]): HostRule[] {
  const both = new Map<string, HostRule>();
  for (const x of a) {
    for (const y of b) {
      const narrow = narrowerOf(x, y);
      if (narrow !== undefined) both.set(formatHostRule(narrow), narrow);
    }
  }
  return [...both.values()];
}

function narrowerOf(x: HostRule, y: HostRule): HostRule | undefined {
  if (x.port !== y.port) return undefined;
  if (x.plainHttp !== y.plainHttp) {
    const [plain, open] = x.plainHttp ? [x, y] : [y, x];
    return !plain.subdomains && plain.host === open.host && admitsPlainLoopback(open)
      ? plain
      : undefined;
  }
  if (x.subdomains && y.subdomains) {
    if (x.host === y.host || x.host.endsWith(`.${y.host}`)) return x;
    return y.host.endsWith(`.${x.host}`) ? y : undefined;
  }
  if (x.subdomains) return coversHost(x, y.host) ? y : undefined;
  return coversHost(y, x.host) ? x : undefined;
}
