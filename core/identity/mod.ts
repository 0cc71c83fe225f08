export type { Evidence } from "./evidence.ts";
export type { VerifiedIdentity } from "./verified_identity.ts";
export { AssertedIdentity } from "./asserted_identity.ts";
export { configuredIdentity } from "./configured.ts";
export {
  type AgentDemand,
  type Authenticator,
  type AuthFailure,
  createAuthenticator,
} from "./authenticate.ts";
export type { IdentityPorts, IdentitySettings } from "./settings.ts";
export { STAMP_WINDOW_SECONDS } from "./nonce_memory.ts";
