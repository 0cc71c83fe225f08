import type { Config, EvidenceName, JudgedEvidence } from "../../config/mod.ts";
import { type Check, failure, pass } from "../check.ts";

const IDS: readonly (readonly [string, EvidenceName])[] = [
  ["evidence.runtime.container_backend_ready", "container_backend_ready"],
  ["evidence.runtime.rootless_or_non_privileged", "rootless_or_non_privileged"],
  ["evidence.runtime.read_only_fs", "read_only_fs"],
  ["evidence.runtime.no_new_privileges", "no_new_privileges"],
  ["evidence.runtime.network_default_deny", "network_default_deny"],
  ["evidence.identity.workload_identity_verified", "workload_identity_verified"],
  ["evidence.audit.durable_verified", "durable_audit_verified"],
];

/** What is vouched for and what is seen, for installations that claim strong guarantees. */
export function evidenceChecks({ runtime }: Config): readonly Check[] {
  return runtime.strong_guarantee ? IDS.map(([id, name]) => evidenceCheck(id, name)) : [];
}

function evidenceCheck(id: string, name: EvidenceName): Check {
  return {
    id,
    run({ assurance }) {
      const evidence = assurance.evidence.find((one) => one.name === name);
      const message = describe(evidence);
      if (evidence?.counts === true) return pass(message);
      const hint = evidence?.declared === true
        ? `make it true, or take runtime.evidence.${name} back`
        : `make sure of it, then set runtime.evidence.${name}`;
      return failure(message, hint);
    },
  };
}

function describe(evidence: JudgedEvidence | undefined): string {
  const declared = evidence?.declared === true ? "declared" : "not declared";
  const probe = evidence?.probe;
  if (probe === undefined) return `${declared}; it cannot be seen from inside`;
  return `${declared}; seen from inside: ${probe.detail}`;
}
