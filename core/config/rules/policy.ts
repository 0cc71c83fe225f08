import { httpHost, isSet, need, type RuleContext } from "./rule.ts";

/** `policy`: which bundles, their roles and signatures, OPA. */
export function checkPolicy(context: RuleContext): void {
  const { policy } = context.config;
  const one = policy.policy_bundle_path;
  const several = policy.policy_bundle_paths;
  if (one !== undefined && several.length > 0) {
    const wish = "policy_bundle_path or policy_bundle_paths, not both";
    context.report(["policy", "policy_bundle_paths"], "both are set", wish);
  }
  if (one === undefined && several.length === 0) {
    const wish = "policy_bundle_path or policy_bundle_paths";
    context.report(["policy", "policy_bundle_path"], "no bundle is set", wish);
  }
  const bundles = one === undefined ? several.length : 1;
  checkRoles(context, bundles);
  checkSignatures(context, bundles);
  checkOpa(context);
}

function checkRoles(context: RuleContext, bundles: number): void {
  const { policy, identity, runtime } = context.config;
  const roles = policy.policy_bundle_roles;
  const at = ["policy", "policy_bundle_roles"];
  if (roles.length > 0 && roles.length !== bundles) {
    context.report(at, `there are ${roles.length} for ${bundles} bundles`, "one for each bundle");
  }
  if (!roles.includes("local_override")) return;
  if (!["dev", "local"].includes(identity.environment.toLowerCase())) {
    context.report(at, "local_override is used", "it with identity.environment dev or local only");
  }
  if (runtime.deployment_mode !== "unmanaged") {
    const wish = "it with runtime.deployment_mode unmanaged only";
    context.report(at, "local_override is used", wish);
  }
}

function checkSignatures(context: RuleContext, bundles: number): void {
  const { policy } = context.config;
  const both = policy.signature_path !== undefined && policy.signature_paths.length > 0;
  if (both) {
    const wish = "signature_path or signature_paths, not both";
    context.report(["policy", "signature_paths"], "both are set", wish);
  }
  if (!policy.verify_signatures) return;
  need(context, policy, {
    at: ["policy"],
    keys: ["public_key_path"],
    why: "signatures are verified",
  });
  const signatures = policy.signature_path === undefined ? policy.signature_paths.length : 1;
  if (both || signatures === bundles) return;
  const key = isSet(context, ["policy", "signature_paths"]) || bundles > 1
    ? "signature_paths"
    : "signature_path";
  const state = `there are ${signatures} signatures for ${bundles} bundles`;
  context.report(["policy", key], state, "one for each bundle");
}

function checkOpa(context: RuleContext): void {
  const { opa } = context.config.policy;
  if (!opa.enabled) return;
  const at = ["policy", "opa"];
  if (opa.url !== undefined) {
    if (opa.binary_path !== undefined) {
      context.report([...at, "url"], "binary_path is set too", "one of them");
    }
    if (httpHost(opa.url) === undefined) {
      context.report([...at, "url"], "it is no absolute URL", "http://host/v1/data/…");
    }
    return;
  }
  need(context, opa, { at, keys: ["binary_path", "policy_path", "query"], why: "OPA is on" });
}
