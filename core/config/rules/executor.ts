import { isCidr } from "../cidr.ts";
import { isVariableName, need, type RuleContext, unique } from "./rule.ts";

/** `executor` and `credentials`. */
export function checkExecutor(context: RuleContext): void {
  const { executor } = context.config;
  for (const [i, name] of executor.env_allowlist.entries()) {
    if (!isVariableName(name)) {
      context.report(["executor", "env_allowlist", i], "it is no variable name", "an exact name");
    }
  }
  for (const [i, range] of executor.allow_private_networks.entries()) {
    if (!isCidr(range)) {
      const wish = "a range such as 10.0.0.0/8";
      context.report(["executor", "allow_private_networks", i], "it is no CIDR range", wish);
    }
  }
  checkCredentials(context);
}

function checkCredentials(context: RuleContext): void {
  const { enabled, secrets } = context.config.credentials;
  const paths = secrets.map((_, i) => ["credentials", "secrets", i]);
  // A normalized resource names a secret in lower case: two that differ in case only would be one.
  const ids = secrets.map(({ id }, i) => ({
    path: [...paths[i] ?? [], "id"],
    name: id.toLowerCase(),
  }));
  unique(context, ids);
  if (!enabled) return;
  for (const [i, secret] of secrets.entries()) {
    const at = paths[i] ?? [];
    need(context, secret, { at, keys: ["value", "ttl_seconds"], why: "credentials are on" });
    if (!isVariableName(secret.env_key)) {
      context.report([...at, "env_key"], "it is no variable name", "letters, digits and _");
    }
    if (secret.ttl_seconds !== undefined && secret.ttl_seconds < 1) {
      context.report([...at, "ttl_seconds"], `it is ${secret.ttl_seconds}`, "at least 1");
    }
  }
}
