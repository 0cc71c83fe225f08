import { constantTimeEqual, type Digest } from "../encoding/mod.ts";
import { ABSENT, type PrincipalMethod, REJECTED } from "./method.ts";

/** Scheme of any case, blanks, one token; a comma joins two headers and is in no token. */
const BEARER = /^bearer +([\x21-\x2b\x2d-\x7e]{1,8192})$/i;

/** The token of a `Bearer` authorization; `undefined` when it is anything else. */
export function bearerToken(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1];
}

/** An `Authorization: Bearer <api key>` that the operator listed. */
export function apiKeyMethod(
  apiKeys: Readonly<Record<string, string>>,
  digest: Digest,
): PrincipalMethod {
  // Found and compared by digest: how long that takes says nothing about a key, only about its hash.
  const principals = new Map<string, { hash: string; principal: string }>();
  for (const [key, principal] of Object.entries(apiKeys)) {
    if (key === "" || principal === "") continue;
    const hash = digest.sha256Hex(key);
    principals.set(hash, { hash, principal });
  }
  return {
    name: "api_key",
    reads: "authorization",
    claim({ evidence: { authorization } }) {
      if (authorization === undefined) return ABSENT;
      const token = bearerToken(authorization);
      if (token === undefined) return REJECTED;
      const hash = digest.sha256Hex(token);
      const known = principals.get(hash);
      const equal = constantTimeEqual(hash, known?.hash ?? NO_HASH);
      return equal && known !== undefined
        ? { state: "verified", principal: known.principal }
        : REJECTED;
    },
  };
}

const NO_HASH = "-".repeat(64);
