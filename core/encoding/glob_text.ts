import { normalizeHost, normalizePort, splitPort } from "./host.ts";
import { lowerCase } from "./letter_case.ts";

const RESOURCE = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(.*)$/s;

/**
 * Brings a resource pattern into the spelling normalized resources have, so that `URL://Example.COM:443/**`
 * matches what it means: scheme in lower case, host by the host rules, Unicode in NFC, and in lower case
 * what its scheme keeps in lower case. Nothing is percent-decoded.
 *
 * A pattern that cannot be a resource (no scheme, a host no resource can have) is left as it is; it
 * matches what it says, which may be nothing.
 */
export function normalizePatternText(pattern: string): string {
  const text = pattern.normalize("NFC");
  const parts = RESOURCE.exec(text);
  if (!parts) return text;
  const [, scheme = "", host = "", path = ""] = parts;
  const name = scheme.toLowerCase();
  switch (name) {
    case "file":
      return `file://${host === "" ? "workspace" : host.toLowerCase()}${path}`;
    case "repo":
    case "secret":
      return `${name}://${lowerCase(host + path).normalize("NFC")}`;
    case "mcp":
      return `mcp://${host}${path}`;
    default:
      return `${name}://${normalizeHostPattern(host)}${path}`;
  }
}

function normalizeHostPattern(host: string): string {
  if (!/[*?]/.test(host)) {
    const whole = normalizeHost(host);
    return whole.ok ? whole.value : lowerCase(host);
  }
  const split = splitPort(host);
  const port = normalizePort(split?.port);
  if (split === undefined || !port.ok) return lowerCase(host);
  const name = split.host.endsWith(".") ? split.host.slice(0, -1) : split.host;
  return name.split(".").map(normalizeLabelPattern).join(".") + port.value;
}

function normalizeLabelPattern(label: string): string {
  const lower = lowerCase(label);
  if (/[*?]/.test(label)) return lower;
  const ascii = normalizeHost(label);
  // A number on its own is read as an address: `10` as 0.0.0.10.
  return ascii.ok && !ascii.value.includes(".") ? ascii.value : lower;
}
