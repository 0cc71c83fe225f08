import { type Config, splitSinks } from "../../config/mod.ts";
import { type Check, type Finding, type Inspection, judge } from "../check.ts";

const BOUND_ENVIRONMENTS = ["ci", "staging", "prod"];

/** What a claim of strong guarantees takes, for installations that make it. */
export function strongChecks({ runtime }: Config): readonly Check[] {
  return runtime.strong_guarantee ? STRONG : [];
}

const STRONG: readonly Check[] = [
  check("strong.sandbox_container", ({ config: { executor } }) => ({
    holds: executor.sandbox_profile === "container",
    good: "processes run in a container",
    bad: `the sandbox profile is ${executor.sandbox_profile}`,
    hint: "set executor.sandbox_profile to container",
  })),
  check("strong.controlled_runtime_mode", ({ config: { runtime } }) => ({
    holds: isControlled(runtime.deployment_mode),
    good: `the deployment mode is ${runtime.deployment_mode}`,
    bad: `the deployment mode ${runtime.deployment_mode} is not a controlled one`,
    hint: "run in ci or k8s, and set runtime.deployment_mode",
  })),
  check("strong.network_boundary_controlled", ({ config: { runtime }, assurance }) => ({
    holds: isControlled(runtime.deployment_mode) &&
      assurance.evidence.some(({ name, counts }) => name === "network_default_deny" && counts),
    good: "the network denies by default, in a controlled runtime",
    bad: "no network boundary around this installation is vouched for",
    hint: "deny outgoing traffic by default in ci or k8s, and set evidence.network_default_deny",
  })),
  check("strong.gateway_mtls", ({ config: { gateway: { tls } } }) => ({
    holds: tls.enabled && tls.require_mtls,
    good: "the gateway demands client certificates",
    bad: "the gateway does not demand client certificates",
    hint: "set gateway.tls.enabled and gateway.tls.require_mtls",
  })),
  check("strong.workload_identity", ({ config: { identity } }) => ({
    holds: identity.oidc.enabled || identity.spiffe.enabled,
    good: "principals are proven by the platform",
    bad: "principals are not proven by the platform",
    hint: "enable identity.oidc or identity.spiffe",
  })),
  check("strong.no_shared_api_keys", ({ config: { identity } }) => ({
    holds: Object.keys(identity.api_keys).length === 0,
    good: "there are no API keys to share",
    bad: "API keys can be shared",
    hint: "remove identity.api_keys and NOMOS_IDENTITY_API_KEY",
  })),
  check("strong.audit_durable", ({ config: { audit } }) => ({
    holds: splitSinks(audit.sink).some(({ kind }) => kind !== "stdout" && kind !== "stderr"),
    good: "the audit is kept durably",
    bad: "the audit goes to streams only",
    hint: "add file:<path>, sqlite:<path>, webhook:<url> or postgres:<url> to audit.sink",
  })),
  check("strong.environment_bound", ({ config: { identity } }) => ({
    holds: BOUND_ENVIRONMENTS.includes(identity.environment.toLowerCase()),
    good: `the environment is ${identity.environment}`,
    bad: `the environment ${identity.environment} is not bound to a deployment`,
    hint: `set identity.environment to one of ${BOUND_ENVIRONMENTS.join(", ")}`,
  })),
  check("strong.assurance_evidence_backed", ({ assurance }) => ({
    holds: assurance.level === "STRONG",
    good: "all evidence is there: the assurance level is STRONG",
    bad: `the assurance level is ${assurance.level}`,
    hint: "see the evidence checks for what is missing",
  })),
];

interface Verdict {
  readonly holds: boolean;
  readonly good: string;
  readonly bad: string;
  readonly hint: string;
}

function check(id: string, look: (inspection: Inspection) => Verdict): Check {
  return {
    id,
    run(inspection): Finding {
      const { holds, ...words } = look(inspection);
      return judge(holds, words);
    },
  };
}

function isControlled(mode: string): boolean {
  return mode === "ci" || mode === "k8s";
}
