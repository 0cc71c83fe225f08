/** How an identity was established. `asserted` is offline only: nobody proved it. */
export type IdentityMethodName =
  | "api_key"
  | "service_hmac"
  | "oidc"
  | "spiffe"
  | "configured"
  | "asserted";

/** Who asks, as plain data: what policy, backends and the audit see of an identity. */
export interface IdentityFacts {
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
  readonly method: IdentityMethodName;
}
