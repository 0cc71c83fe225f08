import { need, type RuleContext } from "./rule.ts";

/** `identity`: some way to prove a principal and an agent. */
export function checkIdentity(context: RuleContext): void {
  const { identity } = context.config;
  const hasKeys = Object.keys(identity.api_keys).length > 0;
  const hasServices = Object.keys(identity.service_secrets).length > 0;
  if (!hasKeys && !hasServices && !identity.oidc.enabled && !identity.spiffe.enabled) {
    const wish = "identity.api_keys, service_secrets, oidc or spiffe";
    context.report(["identity", "api_keys"], "no way to prove a principal is set", wish);
  }
  if (Object.keys(identity.agent_secrets).length === 0) {
    context.report(["identity", "agent_secrets"], "no agent has a secret", "at least one");
  }
  if (identity.oidc.enabled) {
    const keys = ["issuer", "audience", "public_key_path"];
    need(context, identity.oidc, { at: ["identity", "oidc"], keys, why: "OIDC is on" });
  }
  if (identity.spiffe.enabled) checkSpiffe(context);
}

function checkSpiffe(context: RuleContext): void {
  const { spiffe } = context.config.identity;
  const at = ["identity", "spiffe"];
  need(context, spiffe, { at, keys: ["trust_domain"], why: "SPIFFE is on" });
  if (spiffe.trust_domain !== undefined && !/^[a-z0-9._-]+$/.test(spiffe.trust_domain)) {
    const wish = "lower-case letters, digits, dots, dashes and underscores";
    context.report([...at, "trust_domain"], "it is no trust domain", wish);
  }
}
