import { fail, ok, type Result } from "./result.ts";
import { invisibleCharacter } from "./visible_text.ts";

/**
 * Brings a network host into its one spelling.
 *
 * Names are lower-cased, internationalized ones become punycode, one trailing dot is dropped. Whatever a
 * URL parser would read as an IPv4 address (`0x7f.1`, `2130706433`) becomes dotted decimal; IPv6 stands
 * in brackets in its compressed form; an IPv4-mapped IPv6 address becomes the IPv4 address it means. The
 * ports 80 and 443 are dropped, others lose their leading zeros.
 *
 * @param text `host` or `host:port`
 * @returns the normalized host with its port, or what is wrong with it (a phrase for a message)
 *
 * @example
 * ```ts
 * normalizeHost("Bücher.Example.:443"); // { ok: true, value: "xn--bcher-kva.example" }
 * ```
 */
export function normalizeHost(text: string): Result<string, string> {
  if (text === "") return fail("the host is empty");
  if (text.length > MAX_INPUT) return fail(TOO_LONG);
  if (text.includes("%")) return fail('the host has a "%", expected a name or an address');
  const invisible = invisibleCharacter(text);
  if (invisible !== undefined) return fail(`the host has the invisible character ${invisible}`);
  const split = splitPort(text);
  if (split === undefined) {
    return fail("an IPv6 address stands without brackets, or a colon is left over");
  }
  const port = normalizePort(split.port);
  if (!port.ok) return port;
  const host = split.host.startsWith("[") ? normalizeIpv6(split.host) : normalizeName(split.host);
  return host.ok ? ok(host.value + port.value) : host;
}

/** No name that becomes a legal one is longer than this, in UTF-16 code units. */
const MAX_INPUT = 1024;
const MAX_NAME = 253;
const MAX_LABEL = 63;
const TOO_LONG =
  `the host is too long, expected at most ${MAX_NAME} characters and ${MAX_LABEL} in one label`;

interface HostAndPort {
  readonly host: string;
  readonly port: string | undefined;
}

/** Splits at the colon outside of brackets; `undefined` when there is more than one. */
export function splitPort(text: string): HostAndPort | undefined {
  const afterBracket = text.startsWith("[") ? text.indexOf("]") + 1 : 0;
  const colon = text.indexOf(":", afterBracket);
  if (colon === -1) {
    return afterBracket === 0 || afterBracket === text.length
      ? { host: text, port: undefined }
      : undefined;
  }
  if (afterBracket > 0 && colon !== afterBracket) return undefined;
  if (text.indexOf(":", colon + 1) !== -1) return undefined;
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Writes a port as it stands behind a normalized host: `""` for the default ports, else `:<decimal>`. */
export function normalizePort(port: string | undefined): Result<string, string> {
  if (port === undefined) return ok("");
  const digits = /^[0-9]+$/.test(port) ? port.replace(/^0+/, "") : "";
  const number = digits.length <= 5 ? Number(digits) : 0;
  if (number < 1 || number > 65535) return fail("the port is not a number from 1 to 65535");
  return ok(number === 80 || number === 443 ? "" : `:${number}`);
}

// A name of plain labels whose last one begins with a letter cannot be an address and maps to itself.
const PLAIN_NAME = /^(?:[a-z0-9_][a-z0-9_-]*\.)*[a-z_][a-z0-9_-]*$/;
// What may go into the URL parser: ASCII that means nothing to it, and everything that is not ASCII.
const NAME_INPUT = /^[A-Za-z0-9._\u0080-\u{10ffff}-]+$/u;
const NAME_OUTPUT = /^(?:[a-z0-9_-]+\.)*[a-z0-9_-]+$/;
// Punycode for text that needs none. Older URL parsers let it pass, newer ones do not.
const NEEDLESS_PUNYCODE = /(?:^|\.)xn--(?:[a-z0-9_-]*-)?(?:\.|$)/;

function normalizeName(host: string): Result<string, string> {
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (PLAIN_NAME.test(name) && !name.includes("xn--")) return checkLengths(name);
  if (!NAME_INPUT.test(name)) {
    return fail("the host has a character that no name has, or is empty");
  }
  const ascii = throughUrl(name.normalize("NFC"));
  if (ascii === undefined || NEEDLESS_PUNYCODE.test(ascii)) {
    return fail("the host is not a valid name or address");
  }
  // An ideographic full stop at the end becomes a dot only now.
  const trimmed = ascii.endsWith(".") && !host.endsWith(".") ? ascii.slice(0, -1) : ascii;
  if (!NAME_OUTPUT.test(trimmed)) return fail("the host has an empty or malformed label");
  return checkLengths(trimmed);
}

function checkLengths(name: string): Result<string, string> {
  const fits = name.length <= MAX_NAME &&
    name.split(".").every((label) => label.length <= MAX_LABEL);
  return fits ? ok(name) : fail(TOO_LONG);
}

const IPV6_INPUT = /^\[[0-9A-Fa-f:.]+\]$/;
const MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

function normalizeIpv6(host: string): Result<string, string> {
  const address = IPV6_INPUT.test(host) ? throughUrl(host) : undefined;
  if (address === undefined) return fail("the host is not a valid IPv6 address in brackets");
  const mapped = MAPPED.exec(address);
  if (!mapped) return ok(address);
  const bytes = [mapped[1], mapped[2]].flatMap((half) => {
    const value = parseInt(half ?? "", 16);
    return [value >> 8, value & 0xff];
  });
  return ok(bytes.join("."));
}

/**
 * Has the platform's URL parser read a host: it knows punycode, every spelling of IPv4 and the compressed
 * form of IPv6.
 *
 * INVARIANT: the caller has made sure that nothing in the text can end the host early, and checks what
 * comes out against the characters a host may have.
 */
function throughUrl(host: string): string | undefined {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return undefined;
  }
}
