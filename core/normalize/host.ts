import { fail, lowerCase, normalizeHost, ok, type Result } from "../encoding/mod.ts";

/** A network host by the host rules; a user name or password in front of it is refused. */
export function networkHost(authority: string): Result<string, string> {
  if (authority.includes("@")) {
    return fail("it has a user name or password, expected the host alone");
  }
  const host = normalizeHost(authority);
  return host.ok ? host : fail(`${host.reason}, expected <host> or <host>:<port>`);
}

const WORD = /^[\p{L}\p{M}\p{N}._:~-]+$/u;

/** A name in the host's place that no network knows (an organization, a vault): lower-cased. */
export function namedHost(authority: string): Result<string, string> {
  if (authority === "") return fail("the host is empty, expected a name");
  const host = lowerCase(authority.normalize("NFC")).normalize("NFC");
  if (WORD.test(host) && !/^\.+$/.test(host)) return ok(host);
  return fail(
    "the host has a character that is not allowed, expected letters, digits and . _ : ~ -",
  );
}
