/** Headers whose value is a credential, in the order in which they are looked for. */
export const HEADER_NAMES: readonly string[] = [
  "proxy-authorization",
  "authorization",
  "set-cookie",
  "cookie",
  "x-api-key",
  "x-auth-token",
];

/** Members of documents whose value is a private key or a credential of its own. */
const SECRET_MEMBERS: readonly string[] = [
  "private_key",
  "private_key_pem",
  "client_secret",
  "secret_access_key",
  "aws_secret_access_key",
  "aws_session_token",
  "session_token",
  "access_token",
  "refresh_token",
];

/** Members of a JSON Web Key (RFC 7518) that are private. */
const KEY_PARAMETERS: readonly string[] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/** A JSON Web Key's private parameters are at least this long: 32 bytes in base64. */
export const KEY_PARAMETER_LENGTH = 43;

/** A member's name without what naming styles differ in: case, `-` and `_`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll("-", "").replaceAll("_", "");
}

const HEADERS: ReadonlySet<string> = new Set(HEADER_NAMES.map(plainName));
const SECRETS: ReadonlySet<string> = new Set([...HEADERS, ...SECRET_MEMBERS.map(plainName)]);
const PARAMETERS: ReadonlySet<string> = new Set(KEY_PARAMETERS);
const LONGEST = Math.max(...[...SECRETS].map((name) => name.length));

/** All names of members whose strings are replaced, as {@link plainName} writes them. */
export const SECRET_NAMES: readonly string[] = [...SECRETS];
/** Names of members whose string is replaced when it looks like a key parameter. */
export const KEY_PARAMETER_NAMES: readonly string[] = KEY_PARAMETERS;

/**
 * Whether a member of this name holds a secret whatever its value is: `Authorization`, `set_cookie`,
 * `privateKey`.
 */
export function isSecretName(name: string): boolean {
  return name.length <= LONGEST * 2 && SECRETS.has(plainName(name));
}

/** Whether this is the name of a header that carries a credential. */
export function isHeaderName(name: string): boolean {
  return name.length <= LONGEST * 2 && HEADERS.has(plainName(name));
}

/** Whether a member with this name and value is a private parameter of a JSON Web Key. */
export function isKeyParameter(name: string, value: string): boolean {
  return PARAMETERS.has(name) && value.length >= KEY_PARAMETER_LENGTH &&
    /^[A-Za-z0-9_-]+$/.test(value) && !/^[0-9a-f]+$/i.test(value);
}
