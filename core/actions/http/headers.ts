/** Headers as they go on the wire: name and value. */
export type HeaderList = readonly (readonly [string, string])[];

/** Headers that belong to the connection, or that Nomos itself writes; nobody sets them. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "http2-settings",
]);

/** Headers by which some servers serve another path or method than the request line names. */
const OF_ANOTHER_TARGET: ReadonlySet<string> = new Set([
  "x-original-url",
  "x-rewrite-url",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
]);

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
// Visible ASCII, blanks, tabs and Latin-1: what a header value can carry unambiguously. CR, LF and NUL never.
const VALUE = /^[\t\x20-\x7e\xa0-\xff]*$/;
const CREDENTIAL_NAME =
  /auth|token|cookie|secret|session|credential|api[-_]?key|apikey|password|signature|(^|-)key$/i;

/**
 * What is wrong with a header, in words that do not repeat its value.
 *
 * @returns `undefined` when it may be sent
 */
export function headerFlaw(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return "its name is not a header name";
  // Gateways that hand headers on as variables make no difference between the two characters.
  const lower = name.toLowerCase().replaceAll("_", "-");
  if (OF_CONNECTION.has(lower)) return "it belongs to the connection and cannot be set";
  if (OF_ANOTHER_TARGET.has(lower)) {
    return "it names another path or method than the request that policy is asked about";
  }
  if (!VALUE.test(value)) {
    return "its value has a line break or another character no header may have";
  }
  return undefined;
}

/** Whether a header carries a credential, so that another origin must not get it. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_NAME.test(name);
}

/** The headers another origin may get. */
export function withoutCredentials(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !isCredentialHeader(name));
}

/** The headers of a request that no longer has a body. */
export function withoutBodyHeaders(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !name.toLowerCase().startsWith("content-"));
}

/** The value of a response header; names are compared without regard to case. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headers.find(([own]) => own.toLowerCase() === name)?.[1];
}
